"""One file per procedure: guards and effects of acts; the steps are data."""
