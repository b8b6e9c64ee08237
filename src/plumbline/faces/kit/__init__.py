"""The design kit: tokens, components, charts and base pages of every face. It knows no room and no business."""
