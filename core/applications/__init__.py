"""The five applications, each a folder with what changes together: data, model, insight, training and view."""
