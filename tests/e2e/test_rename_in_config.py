"""A renamed profile is renamed in config.toml, too, whose comments stay."""

from pathlib import Path

from support.staging import Run

CONFIG = """# mine
[[use]]   # work
profile = "work"   # this one
folder = "~/src"

[[use]]
profile = "other"
remote = "github.com/acme/*"

[[alert]]
profiles = ["work", "other"]  # both
to = "bell"
"""


def test_rules_of_config_toml_follow_a_renamed_profile(keybound: Run, profiles: Path) -> None:
    keybound("profile", "new", "work")
    settings = profiles.parent / "config.toml"
    settings.write_text(CONFIG)
    assert keybound("profile", "rename", "work", "job").returncode == 0
    expected = CONFIG.replace('"work"   # this one', '"job"   # this one').replace(
        '["work", "other"]', '["job", "other"]'
    )
    assert settings.read_text() == expected
