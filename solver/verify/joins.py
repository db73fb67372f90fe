"""Whether ids that are to be the same are the same: the sides of a matrix, and the districts of sites and places."""

import unicodedata

from models.messages import Message, say
from solver.errors import StudyError
from solver.findings import named
from solver.inputs.instance import Instance
from solver.inputs.layers import read_frame
from solver.inputs.study_joins import joins_of
from solver.inputs.travel import read_matrix
from solver.verify.files import Files
from solver.verify.travel import id_of, table_of
from solver.verify.verdict import Check, Unchecked

Both = tuple[Files, Instance]
"""A result and the study that it is of."""


def ids_of_the_matrix_are_those_of_the_layers(both: Both) -> list[Message] | None:
    """Every id of the table is in a layer, and every place and site has a row, unless the study takes what is missing
    as unreachable; ids that differ by blanks, zeros, case or width only are wrong in any case."""
    _, instance = both
    section = instance.file.study.travel
    if section.matrix is None:
        return None
    table = table_of(instance.file)
    told = {"place": set(table[section.demand]), "site": set(table[section.site])}
    places = {i for inputs in instance.programmes.values() if inputs.demand is not None for i in inputs.demand.ids}
    sites = {i for inputs in instance.programmes.values() for i in inputs.sites.ids if _travels(instance, inputs.name)}
    linked = {
        i for inputs in instance.programmes.values() for i in inputs.sites.ids if _to_sites(instance, inputs.name)
    }
    lacking = {
        "place": places - told["place"],
        "site": (sites - linked - told["site"]) | (linked - told["site"] - told["place"]),
    }
    extra = {"place": told["place"] - places - linked, "site": told["site"] - sites}
    if told["place"] >= sites:  # a table of all points to all points
        extra["place"] -= sites
    if told["site"] >= places:
        extra["site"] -= places
    if any(extra.values()):
        every = _in_any_layer(instance)
        extra = {kind: ids - every for kind, ids in extra.items()}
    found = []
    for kind, known in (("place", places), ("site", sites)):
        if not known:
            continue
        alike = {_squeezed(i): i for i in sorted(lacking[kind])}
        for i in sorted(extra[kind]):
            other = alike.get(_squeezed(i))
            if other is not None:
                found.append(
                    say(
                        "{file} names '{name}', which is no {kind}; the layers have '{other}'",
                        file=section.matrix,
                        name=i,
                        kind=kind,
                        other=other,
                    )
                )
            elif section.missing_pairs == "refuse":
                found.append(
                    say(
                        "{file} names '{name}', which is no {kind} of the study", file=section.matrix, name=i, kind=kind
                    )
                )
        if section.missing_pairs == "refuse":
            found += [
                say("{kind} {name} has no row in {file}", kind=kind, name=i, file=section.matrix)
                for i in sorted(lacking[kind])
            ]
    return found


def districts_of_sites_are_those_of_places(both: Both) -> list[Message] | None:
    """Where both are told they have a name in common, and none that differs by blanks, zeros, case or width only."""
    found, looked = [], False
    for name, inputs in both[1].programmes.items():
        here = {group for group in inputs.sites.group if group}
        there = set() if inputs.demand is None else {group for group in inputs.demand.group if group}
        if not here or not there:
            continue
        looked = True
        if not here & there:
            found.append(
                say(
                    "{name}: sites are in {here}, places in {there}",
                    name=name,
                    here=named(sorted(here)),
                    there=named(sorted(there)),
                )
            )
        alike = {_squeezed(group): group for group in there - here}
        pairs = [(group, alike[_squeezed(group)]) for group in sorted(here - there) if _squeezed(group) in alike]
        found += [
            say("{name}: sites are in '{first}', places in '{other}'", name=name, first=first, other=other)
            for first, other in pairs
        ]
    return found if looked else None


def what_was_joined_is_as_told(both: Both) -> list[Message] | None:
    """The numbers and names of the result are those of the study's joins."""
    files, instance = both
    told = files.document.get("joins")
    if told is None:
        return None
    try:
        matrix = read_matrix(instance.file) if instance.file.study.travel.matrix is not None else None
    except StudyError as error:
        raise Unchecked(say("{error}", error=error)) from error
    right = {each.place + str(each.table): each.as_json() for each in joins_of(instance, matrix)}
    said = {each["place"] + each["table"]: dict(each) for each in told}
    return [
        say(
            "{place}: the result tells of another join than the study makes",
            place=(said.get(key) or right[key])["place"],
        )
        for key in dict.fromkeys([*said, *right])
        if said.get(key) != right.get(key)
    ]


def _travels(instance: Instance, name: str) -> bool:
    """Whether a programme asks the matrix for anything."""
    inputs = instance.programmes[name]
    return inputs.demand is not None or inputs.programme.reach is not None


def _to_sites(instance: Instance, name: str) -> bool:
    """Whether its sites travel to each other: they may stand on either side of the matrix."""
    inputs = instance.programmes[name]
    return inputs.tier is not None or (inputs.demand is None and inputs.programme.reach is not None)


def _in_any_layer(instance: Instance) -> set[str]:
    """The ids of all rows of all layers, those of programmes that are not in the result included."""
    found: set[str] = set()
    for programme in instance.file.study.programmes.values():
        for layer in (programme.demand, programme.sites, programme.existing, *programme.tiers):
            if layer is None:
                continue
            try:
                frame = read_frame(instance.file.resolve(layer.file), layer=layer.layer, encoding=layer.encoding)
                found |= {id_of(value) for value in frame[layer.id]}
            except (StudyError, KeyError) as error:
                raise Unchecked(
                    say("{file} cannot be read, and the matrix may name what is in it", file=layer.file)
                ) from error
    return found


def _squeezed(text: str) -> str:
    """A text without what is lost on the way through a spreadsheet: width, case, blanks, zeros ahead, a point."""
    letters = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(letter for letter in letters if letter.isalnum() or letter == ".")
    head, point, tail = plain.partition(".")
    plain = head if point and head.isdigit() and not tail.strip("0") else plain
    parts: list[str] = []
    for letter in plain:
        if letter.isdigit() and parts and parts[-1].isdigit():
            parts[-1] += letter
        else:
            parts.append(letter)
    return " ".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


JOINS: tuple[Check[Both], ...] = (
    ids_of_the_matrix_are_those_of_the_layers,
    districts_of_sites_are_those_of_places,
    what_was_joined_is_as_told,
)
