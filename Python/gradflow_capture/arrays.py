def capture_arrays(): pass
