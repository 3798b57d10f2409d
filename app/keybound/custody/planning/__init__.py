"""What a change would do, before it is made; rules put to the test; the page of who depends on what."""
