"""The one way by which a secret leaves."""
