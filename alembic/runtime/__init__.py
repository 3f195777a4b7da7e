"""Door: the package under whose name migrations used to run."""
