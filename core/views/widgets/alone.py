"""Printing a part of a page alone, without the app around it."""


def alone(part: str) -> str:
    """The style by which the browser prints what the selector `part` finds, and nothing else."""
    return f"""
@media print {{
  body :not(:has({part})):not({part}):not({part} *) {{ display: none !important; }}
  body, body :has({part}) {{ display: block !important; position: static !important; overflow: visible !important; height: auto !important; max-height: none !important;
    padding: 0 !important; margin: 0 !important; background: #fff !important; border: 0 !important; }}
  @page {{ size: A4; margin: 1.5cm; }}
}}
"""
