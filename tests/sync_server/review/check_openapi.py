#!/usr/bin/python3
"""Compares openapi.yaml with the routes there are, and with what they answered in their tests.

usage: check_openapi.py OPENAPI TESTS     TESTS is the binary that writes both down; exit 0: they agree
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml  # Debian's python3-yaml, which tools/setup check installs

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_of(value, kind):
    if kind in ("integer", "number"):
        return not isinstance(value, bool) and isinstance(value, int if kind == "integer" else (int, float))
    return isinstance(value, TYPES[kind])


def problems(document, schema, value, at=""):
    """What of JSON Schema openapi.yaml uses; the first lines say where it does not hold."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            tried = [problems(document, one, value, at) for one in schema[word]]
            if all(tried):
                return min(tried, key=len)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(is_of(value, kind) for kind in kinds):
        return [f"{at}: {value!r} is no {kinds}"]
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return [f"{at}: {value!r} does not look like {schema['pattern']}"]
    if isinstance(value, (int, float)) and value < schema.get("minimum", value):
        return [f"{at}: {value} is too small"]
    found = []
    if isinstance(value, list):
        for n, item in enumerate(value):
            found += problems(document, schema.get("items", {}), item, f"{at}[{n}]")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, item in value.items():
            rest = schema.get("additionalProperties", True)
            if name in known:
                found += problems(document, known[name], item, f"{at}.{name}")
            elif rest is False:
                found.append(f"{at}: {name} is not described")
            elif isinstance(rest, dict):
                found += problems(document, rest, item, f"{at}.{name}")
    return found


def refs(value):
    if isinstance(value, dict):
        for name, item in value.items():
            if name == "$ref":
                yield item
            else:
                yield from refs(item)
    elif isinstance(value, list):
        for item in value:
            yield from refs(item)


def main():
    document = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
    wrong = []
    for ref in refs(document):
        place = document
        for part in ref.lstrip("#/").split("/"):
            place = place.get(part, {})
        if not place:
            wrong.append(f"{ref} is nowhere")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[2], "[routes]"], env={**os.environ, "LANTAARN_ANSWERS": folder}, check=True, stdout=subprocess.DEVNULL)
        routes = set(open(folder + "/routes").read().splitlines())
        answers = [json.loads(line) for line in open(folder + "/answers")]
    described = {f"{method.upper()} {path[1:]}" for path, methods in document["paths"].items() for method in methods}
    wrong += [f"{route}: not in openapi.yaml" for route in sorted(routes - described)]
    wrong += [f"{route}: in openapi.yaml only" for route in sorted(described - routes)]
    checked = set()
    for method, path, answer in answers:
        operation = document["paths"].get("/" + path, {}).get(method.lower())
        content = operation["responses"]["200"]["content"] if operation else {}
        if "application/json" not in content:
            continue
        checked.add(f"{method} {path}")
        wrong += [f"{method} {path}{line}" for line in problems(document, content["application/json"]["schema"], answer)[:5]]
    print(f"check_openapi: {len(described)} routes, {len(answers)} answers of {len(checked)} of them, {len(wrong)} problems")
    for line in sorted(set(wrong)):
        print(line)
    sys.exit(1 if wrong else 0)


main()
