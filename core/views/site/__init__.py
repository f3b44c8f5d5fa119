"""What surrounds the pages: their order, their texts, the navigation, Home, and the document that a browser gets first."""
