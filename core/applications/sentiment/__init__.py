"""Film reviews: is a text praise or blame?"""
