import pytest

from cutbook.stats.mmrm.formula import parse


@pytest.mark.parametrize(
    ("text", "terms", "has_intercept"),
    [
        ("y ~ a", [("a",)], True),
        ("y ~ 1", [], True),
        ("y ~ 0", [], False),
        ("y ~ a - 1", [("a",)], False),
        ("y ~ -1 + a", [("a",)], False),
        ("y ~ a + 1", [("a",)], True),
        ("y ~ a * b", [("a",), ("b",), ("a", "b")], True),
        ("y ~ a:b + b", [("b",), ("a", "b")], True),
        ("y ~ b + a:b", [("b",), ("b", "a")], True),
        ("y ~ a * b - a", [("b",), ("a", "b")], True),
        ("y ~ a + b:a + a:b", [("a",), ("a", "b")], True),
        ("y ~ (a + b):c", [("a", "c"), ("b", "c")], True),
        ("y ~ a * (b + c)", [("a",), ("b",), ("c",), ("a", "b"), ("a", "c")], True),
        ("y ~ a * b * c", [("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c")], True),
        ("y ~ a:a", [("a",)], True),
        ("`my y` ~ `body weight` + x.1", [("body weight",), ("x.1",)], True),
    ],
)
def test_terms_are_those_of_r(text, terms, has_intercept):
    found = parse(text)
    assert (list(found.terms), found.has_intercept) == (terms, has_intercept)


@pytest.mark.parametrize(
    "text",
    ["", "y", "y ~", "~ a", "y ~ a +", "y ~ a b", "y ~ (a", "y ~ a)", "y ~ log(a)", "y ~ a^2", "y + z ~ a", "y ~ a ~ b",
     "y ~ a * 1", "y ~ * a", "y ~ a / b", "y ~ 2", "y ~ us(a | b)"],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(ValueError, match="formula"):
        parse(text)
