"""A module a family, each with record(recorder). NAMESPACE, if given, is F or Linalg."""
