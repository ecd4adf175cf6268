"""Tables, figures, sentences and texts as they look, whatever they say."""
