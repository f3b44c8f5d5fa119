"""Sheets of paper: a lesson's table to fill in, and exam questions with worked answers, as HTML and PDF."""
