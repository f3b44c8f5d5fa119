"""Machine comprehension: stories and questions about them."""
