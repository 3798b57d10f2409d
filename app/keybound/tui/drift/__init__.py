"""The Drift screen: what left its bounds."""
