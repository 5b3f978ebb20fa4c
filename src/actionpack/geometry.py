"""Points, sizes, boxes and affine maps on paper.

Millimetres throughout; the origin is the top left corner, x runs right and y runs down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

# Two lengths closer than this are one length: a hundredth of what any printer can place.
EPSILON_MM = 0.01


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the sheet, mm."""

    x: float
    y: float


ORIGIN = Point(0, 0)


@dataclass(frozen=True, slots=True)
class Size:
    """A width and a height, mm."""

    width: float
    height: float

    @property
    def turned(self) -> Size:
        """The same sheet, lying where it stood."""
        return Size(self.height, self.width)


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, mm: its top left corner, its width and its height."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def between(cls, left: float, top: float, right: float, bottom: float) -> Box:
        """Make a box from its four edges."""
        return cls(left, top, right - left, bottom - top)

    @property
    def left(self) -> float:
        return self.x

    @property
    def top(self) -> float:
        return self.y

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits inside: an intersection of boxes that do not meet is empty."""
        return self.width <= 0 or self.height <= 0

    def inset(self, by: float) -> Box:
        """Move every edge inwards by `by` mm (outwards when negative)."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def moved(self, dx: float = 0, dy: float = 0) -> Box:
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def contains(self, other: Box, slack: float = EPSILON_MM) -> bool:
        """Whether `other` lies inside, give or take `slack` mm on each edge."""
        return (
            other.left >= self.left - slack
            and other.top >= self.top - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def contains_point(self, point: Point) -> bool:
        return self.left <= point.x <= self.right and self.top <= point.y <= self.bottom

    def overlaps(self, other: Box, slack: float = EPSILON_MM) -> bool:
        """Whether the two share more than a strip of `slack` mm."""
        return (
            other.left < self.right - slack
            and other.right > self.left + slack
            and other.top < self.bottom - slack
            and other.bottom > self.top + slack
        )

    def union(self, other: Box) -> Box:
        return Box.between(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def intersection(self, other: Box) -> Box:
        """The box both share; `is_empty` when they do not meet."""
        return Box.between(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


def union_all(boxes: Iterable[Box]) -> Box:
    """The smallest box round all of `boxes`; raises TypeError when there is none."""
    return reduce(Box.union, boxes)


def intersection_all(boxes: Iterable[Box]) -> Box:
    """The box that all of `boxes` share; raises TypeError when there is none."""
    return reduce(Box.intersection, boxes)


@dataclass(frozen=True, slots=True)
class Transform:
    """An affine map: x' = a·x + c·y + e, y' = b·x + d·y + f (ISO 32000-1, 8.3.3)."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def apply(self, point: Point) -> Point:
        return Point(
            self.a * point.x + self.c * point.y + self.e,
            self.b * point.x + self.d * point.y + self.f,
        )

    def apply_box(self, box: Box) -> Box:
        """The upright box round the image of `box`."""
        # Every letter of a page goes this way, so that no point is made of each corner.
        corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
        xs = [self.a * x + self.c * y + self.e for x, y in corners]
        ys = [self.b * x + self.d * y + self.f for x, y in corners]
        return Box.between(min(xs), min(ys), max(xs), max(ys))

    def then(self, after: Transform) -> Transform:
        """The map that does this one first and `after` second."""
        return Transform(
            after.a * self.a + after.c * self.b,
            after.b * self.a + after.d * self.b,
            after.a * self.c + after.c * self.d,
            after.b * self.c + after.d * self.d,
            after.a * self.e + after.c * self.f + after.e,
            after.b * self.e + after.d * self.f + after.f,
        )

    def inverse(self) -> Transform:
        """The map back; raises ZeroDivisionError when the map is flat."""
        det = self.a * self.d - self.b * self.c
        a, b, c, d = self.d / det, -self.b / det, -self.c / det, self.a / det
        return Transform(a, b, c, d, -(a * self.e + c * self.f), -(b * self.e + d * self.f))
