"""Posts stripped and counted by scikit-learn, for packages/ml-doctor/test/golden/newsgroup-tfidf.json.

The posts are made up; they hold what the rules of scikit-learn's 20 Newsgroups loader look at, and letters outside ASCII.
Run with Python 3 and scikit-learn (made with the version named in the file): python tools/golden/newsgroup_tfidf.py
"""
import json
from pathlib import Path

import sklearn
from sklearn.datasets._twenty_newsgroups import (
    strip_newsgroup_footer,
    strip_newsgroup_header,
    strip_newsgroup_quoting,
)
from sklearn.feature_extraction.text import TfidfVectorizer

OUT = Path(__file__).parents[2] / "packages/ml-doctor/test/golden/newsgroup-tfidf.json"
HEAD = "From: a@b.c\nSubject: Re: rockets\n\n"
MAX_DF, TERMS = 0.5, 16

POSTS = [
    HEAD + "The rocket flew over the Alps and the lake.\n> quoted rocket\nIt was a blue rocket.\n--\nJoe, rocket club\n",
    HEAD + "In article <1@x> b@c writes:\n|> the tank was empty\nA tank holds fuel. Fuel burns.\n\nRegards\n",
    HEAD + "Bob wrote: no\nhe said: never\nblue lake, blue ROCKET; x1 a b c_d\n",
    HEAD + "only one paragraph here without any rule",
    HEAD + "---\nfirst line is the rule\n",
    HEAD + "\n\n  \nblank lines before, lake after\n\n\n\n",
    HEAD,
    "no empty line, hence headers only\nlake lake lake\n",
    HEAD + "> all\n> is\n| quoted\n",
    HEAD + "fuel fuel tank\r\nwith carriage returns\r\n\r\nsign\r\n",
    HEAD + "caf\xe9 CAF\xc9 na\xefve na\xefve \xdcber \xfcber fuel \xb2 \xb2 \xb5m \xb5m \xd7 \xd7 10\xbd 10\xbd\xd7 \xaa\xba \xaa\xba lake\n",
    HEAD + "control\x85 lake \x93fuel\x94 \xa0 tank\n\x85\nsigned\n",
    HEAD + "Quoted from the manual\nnot Quoted from it; it says: lake\nshe writes in green\nwrites nothing lake\n",
    HEAD + " - \nlake\n -- \nafter a spaced rule\n- -\nis no rule",
    HEAD + "over and over the lake\n----------\nlast",
    HEAD + "it was the fuel of the tank, it was the lake\x1c\x1d\n\x1f\ntail\n",
]


def strip(post):
    return strip_newsgroup_quoting(strip_newsgroup_footer(strip_newsgroup_header(post)))


texts = [strip(post) for post in POSTS]
vectorizer = TfidfVectorizer(max_df=MAX_DF, max_features=TERMS)
rows = vectorizer.fit_transform(texts).toarray()
counts = TfidfVectorizer(max_df=MAX_DF, use_idf=False, norm=None).fit_transform(texts).toarray().sum(axis=0)
ranked = sorted(counts, reverse=True)
assert ranked[TERMS - 1] > ranked[TERMS], f"a tie where the vocabulary ends, which the two break as they like: {ranked}"
OUT.write_text(
    json.dumps(
        {
            "scikit-learn": sklearn.__version__,
            "maxDocumentShare": MAX_DF,
            "terms": TERMS,
            "posts": POSTS,
            "texts": texts,
            "vocabulary": list(vectorizer.get_feature_names_out()),
            "rows": [[round(value, 12) for value in row] for row in rows],
        },
        indent=1,
    )
    + "\n"
)
