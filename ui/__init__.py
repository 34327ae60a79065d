"""What a person sees: frames come in, pictures go out."""
