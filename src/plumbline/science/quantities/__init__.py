"""Values with their units, and how they are printed: rounding happens here, once, last."""

from plumbline.science.quantities.printing import (
    print_against_limit,
    print_decimal,
    print_full,
    print_probability,
    print_uncertainty,
)
from plumbline.science.quantities.quantity import Quantity

__all__ = ["Quantity", "print_against_limit", "print_decimal", "print_full", "print_probability", "print_uncertainty"]
