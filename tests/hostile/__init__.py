"""What a hostile study folder, argument or browser page must not be able to do."""
