"""The way to other people's web APIs, whatever they are about: pace, retries, errors, shapes, pages."""
