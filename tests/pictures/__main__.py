"""Write them anew."""

from pictures.making import FOLDER, PICTURES, make

FOLDER.mkdir(exist_ok=True)
for name in PICTURES:
    (FOLDER / f"{name}.svg").write_text(make(name))
    print(FOLDER / f"{name}.svg")
