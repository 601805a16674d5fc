"""Forms from files: those that come with kaikaku, and those that an office adds or puts in place.

A file is TOML; docs/forms.md explains each entry. All faults of all files are told at once, each
with its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from bot.domain.errors import NotFound, Refused
from bot.domain.form import Form
from bot.domain.forms.checks import check_form
from bot.domain.forms.entries import Entries, FormFault
from bot.domain.forms.parts import form_of

_SUFFIX = ".toml"
_LARGEST = 256 * 1024  # characters; the longest of ours has a twentieth of it


def read_form(text: str) -> Form:
    """The form that a file holds. Raises Refused with every fault, each with its place."""
    form, faults = parse_form(text)
    if form is None or faults:
        raise Refused("様式のファイルに誤りがあります。", [str(fault) for fault in faults])
    return form


def read_form_file(path: Path) -> Form:
    """The form in a file. Raises Refused with every fault, each with its place."""
    form, faults = _read_file(path)
    if form is None or faults:
        raise Refused(f"{path.name} に誤りがあります。", [str(fault) for fault in faults])
    return form


def parse_form(text: str) -> tuple[Form | None, tuple[FormFault, ...]]:
    """The form as far as it can be made out, and everything that is wrong with it."""
    if len(text) > _LARGEST:
        return None, (FormFault("", "ファイルが大きすぎます。"),)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (FormFault("", _syntax_words(str(error))),)
    faults: list[FormFault] = []
    form = form_of(Entries(table, "", faults), source=text)
    told = {fault.place for fault in faults}
    faults += [each for each in check_form(form) if not _is_told(each.place, told)]
    return form, tuple(dict.fromkeys(faults))


def _is_told(place: str, told: Iterable[str]) -> bool:
    """Whether what is missing here has been told already, of this entry or of one within it."""
    return any(one.startswith(place) or place.startswith(f"{one}.") for one in told)


def built_in_names() -> tuple[str, ...]:
    """The names of the files that come with kaikaku, without their ending."""
    found = (each.name for each in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def built_in(name: str) -> Form:
    """A form that comes with kaikaku, by the name of its file."""
    return read_form((files(__package__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8"))


def load_forms(directory: Path | None = None) -> dict[str, Form]:
    """All forms by key: those of the directory added to the built-in ones, or in their place.

    Raises Refused with every fault of every file; a form that is half right is not used at all.
    """
    forms = {form.key: form for form in map(built_in, built_in_names())}
    if directory is None:
        return forms
    own = _own_forms(_paths(directory))
    return {**forms, **own}


def own_sources(forms: Mapping[str, Form]) -> tuple[str, ...]:
    """The texts of the forms that are not the built-in ones, for a process that has no folder."""
    ours = {form.source for form in map(built_in, built_in_names())}
    return tuple(form.source for form in forms.values() if form.source and form.source not in ours)


def with_sources(sources: Iterable[str]) -> dict[str, Form]:
    """The built-in forms with those of these texts added, or in their place."""
    own = [read_form(source) for source in sources]
    return {**load_forms(), **{form.key: form for form in own}}


def find_form(forms: Mapping[str, Form], word: str) -> Form:
    """The form of a key, or of a name that it bears. Raises NotFound, naming those there are."""
    called = (form for form in forms.values() if word in (form.name, *form.synonyms))
    found = forms.get(word) or next(called, None)
    if found is None:
        raise NotFound(f"様式「{word}」はありません。使えるもの：{'、'.join(forms)}")
    return found


def _own_forms(paths: Iterable[Path]) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    faults: list[str] = []
    for path in paths:
        form, found = _read_file(path)
        faults += [f"{path.name} {fault}" for fault in found]
        if form is None or found:
            continue
        if form.key in forms:
            faults.append(f"{path.name} key：「{form.key}」の様式のファイルが2つあります。")
        forms[form.key] = form
    if faults:
        raise Refused("様式のファイルに誤りがあるため、始められません(FORMS_DIR)。", faults)
    return forms


def _paths(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise Refused(f"FORMS_DIR のフォルダーがありません：{directory}")
    return sorted(each for each in directory.iterdir() if each.suffix == _SUFFIX)


def _read_file(path: Path) -> tuple[Form | None, tuple[FormFault, ...]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        words = "文字コードをUTF-8にして保存し直してください。"
        return None, (FormFault("", words),)
    except OSError:
        return None, (FormFault("", "ファイルが読めません。"),)
    return parse_form(text)


def _syntax_words(said: str) -> str:
    """What TOML says in English, with its place: 「… (at line 3, column 5)」."""
    place = said.rpartition("(at ")[2].removesuffix(")") if "(at " in said else ""
    numbers = [part.rpartition(" ")[2] for part in place.split(",")]
    at = f"{numbers[0]}行目の{numbers[1]}文字目" if len(numbers) == 2 else "ファイルの終わり"
    return f"{at}で書き方が崩れています。引用符、かっこ、= を確かめてください。"
