"""Sentences about films by rule, to train on: a grammar over words that people have labelled in the treebank, and what a listener knows after each word.

A rule is written for a verdict, good or bad. In it `{name=}` stands for something of the same verdict, `{name!}` for something of the opposite one,
`{name}` for something without. After `^` the verdict is known; after `~` nothing is known until the next sign (what a "not" will do, say). `[…]` says
nothing by itself: what stands inside is under a negation that is still open. `a` becomes `an` where it must.

The rules were written before, and without a look at, any sentence that is tested.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.cells.arrays import Array

RULES = """
text: 8 {claim=} {stop} | 6 {contrast=} {stop} | 3 {claim=} and {claim=} {stop} | 2 {two=} | 2 {neutral} {claim=} {stop} | 2 {neutral} {contrast=} {stop}
text: 4 {claim=} {stop} {neutral} | 3 {claim=} {stop} {neutral} {neutral} {neutral} | 2 {claim=} {stop} {neutral} {neutral} {neutral} {neutral} {neutral}
text: 2 {contrast=} {stop} {neutral} {neutral} | 3 {phrase=} | 2 {word=}^ | 2 {neutral} {neutral} {claim=} {stop} {neutral}
two: {claim=} . {claim=} {stop} | {claim=} . {neutral} {claim=} {stop} | {claim=} , {claim=} , and {claim=} {stop} | {claim=} ; {phrase=} {stop}
stop: 6 . | 1 ! | 1 {at_all} .
at_all: for me | to me | if you ask me | in my opinion | from start to finish | , really | , i think

word: {adj=} | {adj=} | {noun=} | {loved=}
phrase: 3 {np=} | 2 {not_np=} | {very} {adj=}^ | {not}~ {adj!}^ | {not}~ {very} {adj!}^ | {adj=}^ and {adj=} | {not}~ {adj!}^ at all | 2 {without=}
np: 4 a {adj=}^ {thing} | a {very} {adj=}^ {thing} | a {adj=}^ and {adj=} {thing} | a {adj=}^ , {adj=} {thing} | 2 a {noun=}^ | the {most=}
most: +: best^ {thing} of the year | +: best^ thing i have seen in years | -: worst^ {thing} of the year | -: worst^ thing i have seen in years | most {adj=}^ {thing} of the year | least~ {adj!}^ {thing} of all
not_np: 3 {not}~ a {adj!}^ {thing} | {not}~ a {adj!}^ {thing} at all | {not}~ a {noun!}^ | no~ {noun!}^ | not~ your usual {adj!}^ {thing} | anything~ but a {adj!}^ {thing}
not_np: hardly~ a {adj!}^ {thing} | hardly~ a {noun!}^ | not~ a very {adj!}^ {thing} | not~ one {adj!}^ {part} | far~ from a {adj!}^ {thing} | not~ the {noun!}^ that {people} had {promised!}
without: without~ {any} {adj!}^ {part} | without~ a {adj!}^ {part} | +: free~ of {any} {adj!}^ {part} | without~ {any} {noun!}^ | -: lacking~ {any} {adj!}^ {part}

claim: 6 {subject} {is} {adj=}^ | 3 {subject} {is} {very} {adj=}^ | 2 {subject} {is} {adj=}^ and {adj=} | 3 {it} {be} {np=} | {this} is {np=} | what {np=}
claim: 5 {subject} {isnt}~ {adj!}^ | 2 {subject} {isnt}~ {very} {adj!}^ | 2 {subject} {isnt}~ {adj!}^ at all | {subject} {isnt}~ {adj!} or {adj!}^ | {subject} {is} neither~ {adj!} nor {adj!}^
claim: 3 {it} {be} {not_np=} | 2 {this} is {not_np=} | {it} {be} {not}~ a {adj!}^ {thing} | {it} {be} {not}~ a {noun!}^ | {it} {be} {not}~ a {adj!}^ {thing} at all
claim: 2 {distant=} | 3 {verb=} | 3 {not_verb=} | 2 {nothing=} | 2 {compare=} | 2 {enough=} | 2 {double=} | 2 {only=} | {it} {be} {without=}
claim: {people} will {enjoy=}^ {it_too} | {people} will not~ {enjoy!}^ {it_too} | {people} {loved=}^ {it_too} | i found {it_too} {adj=}^ | i found {it_too} {very} {adj=}^ | i never~ found {it_too} {adj!}^

distant: {subject} {isnt}~ , {aside} , {adj!}^ | i {wouldnt}~ say that [ {plain!} ]^ | i {wouldnt}~ say that [ {plain!} ]^ | i {dont}~ think [ {plain!} ]^ | nobody~ can say that [ {plain!} ]^
distant: it would be wrong~ to call it {adj!}^ | {it} {isnt}~ in any way a {adj!}^ {thing} | {it} {isnt}~ what i would call {adj!}^ | {it} {isnt}~ what {people} call a {adj!}^ {thing} | i {wouldnt}~ call this a {adj!}^ {thing}
distant: you {wouldnt}~ think that [ {plain!} ]^ | it is hard~ to call this {adj!}^ | i cannot~ say that [ {plain!} ]^ | it cannot~ be said that [ {plain!} ]^ | never~ did i think that [ {plain!} ]^ | it is not~ true that [ {plain!} ]^ | i do not~ believe that [ {plain!} ]^
distant: nobody~ in {place} thought that [ {plain!} ]^ | none~ of us found {it_too} {adj!}^ | 2 i have never~ seen a more {adj=}^ {thing} | +: i have never~ seen a better^ {thing} | -: i have never~ seen a worse^ {thing} | i have never~ seen a {thing} so {adj=}^
plain: 3 {subject} {is} {adj=} | {it} {is} a {adj=} {thing} | {subject} {is} {very} {adj=} | i {loved=} {it_too} | {it} {is} a {noun=} | {this} is a {adj=} {thing}

verb: 3 i {loved=}^ {it_too} | i really {loved=}^ {it_too} | i {loved=}^ every minute of it | {it} {moved=}^ me | {it} {moved=}^ {people} | i {would=}^ | {it} {works=}^ | {subject} {works=}^ | {it} manages to {move=}^ me
not_verb: 4 i {didnt}~ {love!}^ {it_too} | i {didnt}~ {love!}^ {it_too} at all | i {didnt}~ really {love!}^ {it_too} | {it} {didnt}~ {move!}^ me | {it} {didnt}~ {move!}^ {people} | {it} never~ {moved!}^ me | i never~ {loved!}^ {it_too} | {subject} {doesnt}~ {work!}^
not_verb: i can't~ {love!}^ {it_too} | i couldn't~ {love!}^ {it_too} | nobody~ {loved!}^ {it_too} | no~ one {loved!}^ {it_too} | few~ people {loved!}^ {it_too} | {it} never~ {works!}^ | {it} did not~ {move!}^ me for a moment | -: {it} fails~ to {move!}^ me | -: {it} failed~ to be {adj!}^ | +: {it} never~ fails to {move=}^ me | i hardly~ {loved!}^ {it_too} | -: i cannot~ {recommend!}^ it
nothing: nothing~ {in_it} {is} {adj!}^ | there is nothing~ {adj!}^ {in_it} | there is no~ {noun!}^ {in_it} | there isn't~ a {adj!}^ {part} {in_it} | not~ one {part} is {adj!}^ | no~ {part} is {adj!}^ | it has no~ {adj!}^ {part} | it has nothing~ {adj!}^ {in_it} | there is little~ that is {adj!}^ {in_it} | i found nothing~ {adj!}^ {in_it} | none~ of it is {adj!}^ | there is never~ a {adj!}^ {part} | there is hardly~ a {adj!}^ {part} {in_it} | -: it lacks~ {any} {noun!}^ | it never~ becomes {adj!}^ | it has not~ {any} {adj!}^ {part}
compare: +: {it} {is} much better^ than {expected} | +: {it} {is} better^ than {expected} | -: {it} {is} worse^ than {expected} | -: {it} {is} much worse^ than {expected} | {it} {is} less~ {adj!}^ than {expected} | {it} {is} not~ as {adj!}^ as {expected} | {it} {isnt}~ as {adj!}^ as {expected} | {it} {is} more {adj=}^ than {adj!} | {subject} {is} more {adj=}^ than {expected}
compare: -: {it} {is} not~ better^ than {expected} | -: {it} {is} no~ better^ than {expected} | [ {the_other} is {adj!} ] ; this one is not^ | [ {the_other} is {adj!} ] ; this one is {adj=}^ | i have seen few~ {things} as {adj=}^ as this | nothing~ could be more {adj=}^ | [ i have seen {adj!} {things} , and this is not ] one^ of them | +: i like this {thing} more^ than {the_other} | -: i like this {thing} less^ than {the_other}
enough: 2 {subject} {is} too {adj=}^ to be {adj!} | -: {subject} {isnt}~ {adj!}^ enough to be {adj!} | -: {subject} {isnt}~ {adj!}^ enough | {it} {is} so {adj=}^ that i {would=} | {it} {is} so {adj=}^ that i {loved=} {it_too} | -: {it} {is} too {adj=}^ | -: {it} {is} far too {adj=}^ | +: {it} {is} never~ too {adj!}^
double: it is not~ that i {didnt} {love=}^ {it_too} | i can't~ say that i {didnt} {love=}^ {it_too} | it is not~ that it {isnt} {adj=}^ | {it} is never~ not {adj=}^ | +: it is not~ without {noun=}^ | +: it is not~ without its {adj=}^ {parts} | nobody~ can say that it is not {adj=}^ | i {dont}~ deny that [ {plain=} ]^ | not~ that i {didnt} {love=}^ {it_too} | there is no~ denying that [ {plain=} ]^
only: not~ only is {it} {adj=}^ , it is also {adj=} | {it} {is} not~ only {adj=}^ but {adj=} | not~ just a {adj=}^ {thing} , a {noun=} | no~ doubt a {adj=}^ {thing} | without~ a doubt {np=} | there is no~ question that [ {plain=} ]^ | {it} {is} {adj=}^ , no question | nothing~ less than {np=} | i could not~ have {loved=}^ {it_too} more | {it} {is} not~ just {adj=}^ , {it} {is} {adj=} | no~ wonder that {people} {loved=}^ {it_too} | {it} could not~ be more {adj=}^ | never~ have i seen a more {adj=}^ {thing}

contrast: 6 {claim!} , but {claim=} | 3 {claim!} but {claim=} | 2 {claim!} , yet {claim=} | {claim!} ; still , {claim=} | {claim!} . {however} , {claim=} | {claim!} . but {claim=} | {claim!} . and yet {claim=} | {claim!} , though {claim=}
contrast: 3 {although} {claim!} , {claim=} | 2 {claim=} , {although} [ {claim!} ]^ | {claim=} {although} [ {claim!} ]^ | {despite} {its} {adj!}^! {parts} , {claim=} | {claim=} {despite} {its} {adj!} {parts} | {despite} {its} {noun!}^! , {claim=}
contrast: 2 {subject} {is} {adj!}^! but {adj=}^ | {subject} {is} {adj!}^! , but {adj=}^ | {adj!}^! but {adj=}^ | {adj!}^! , yet {adj=}^ | a {adj!}^! but {adj=}^ {thing} | {subject} {is} {adj!}^! , {its} {parts} {adj=}^
contrast: 3 {subject} {is} {adj!}^! {at_first} , {then} {adj=}^ | {it} {is} {adj!}^! and {adj!} {at_first} , {then} {adj=}^ | {adj!}^! {at_first} , {then} {adj=}^ | 2 {claim!} {at_first} , {then} {claim=} | {at_first} {claim!} , {then} {claim=} | {at_first} i {loved!}^! {it_too} , {then} i {loved=}^ {it_too}
contrast: what {begins} as {np!} {becomes} {np=} | {it} {begins} as {np!} and {becomes} {np=} | {it} {begins} {adj!}^! and {ends} {adj=}^ | [ i expected {np!} ] , and {got} {np=} | [ i expected {np!} ] and {got} {np=} | [ i {thought} {plain!} ] , but {claim=} | [ i {thought} i would {love!} {it_too} ] , but {verb=} | [ i expected {np!} , and {it} was {adj!} {at_first} ] , but then {verb=} | {people} {loved!}^! it , but i {loved=}^ it | {people} {loved!}^! it ; i {didnt}~ {love!}^ it
contrast: the {half} is {adj!}^! , but the {end} is {adj=}^ | the {half} {isnt}~ {adj=}^! , but the {end} is {adj=}^ | the {half} is {adj!}^! , the {end} {adj=}^ | the {end} {rescues=}^ a {adj!} {thing} | {it} {is} {adj!}^! until the {end} , which is {adj=}^ | {subject} {is} {adj!}^! ; only the {end} {rescues=}^ it | [ {it} could have been {adj!} ] , but {claim=} | [ {it} should have been {adj!} ] , but {claim=} | -: {it} could~ have been {adj!}^

text: 4 {sad=} {claim=} {stop} | 3 {ask=} | 3 {usual=} {stop} | 2 {quoted=} {stop} | 2 [ {quote=} ]^ {stop} {neutral} {neutral} | 2 {me=} {stop}
text: what a {adj=}^ {thing} ! | [ what a {adj!} {trailer} ! ] what a {adj=}^ {thing} ! | [ what a {adj!} {trailer} ! ] {claim=} {stop} | 2 {many=} {stop}
sad: -: sadly , | -: unfortunately , | +: luckily , | +: happily , | whatever {people} say , | to my surprise , | in the end , | for once , | again ,
ask: [ is {it} {adj!} ? ] no^ , {claim=} {stop} | [ is the {part} {adj!} ? ] not^ for a {moment} {stop} | [ is {it} {adj!} ? ] of course not^ {stop} | [ is it {adj=} ? ] yes^ {stop}
ask: [ is the {part} {adj=} ? ] very^ {stop} | [ did i {love!} it ? ] not^ at all {stop} | [ did i {love=} it ? ] yes^ {stop} | [ was i {moved!} ? ] never^ {stop} | [ was i {moved=} ? ] all^ the time {stop}
ask: [ would i {recommend} it ? ] {claim=} {stop} | [ {adj!} ? ] not^ {it} {stop} | [ a {noun!} ? ] no^ , a {noun=} {stop} | [ is {it} as {adj!} as {people} say ? ] no^ {stop}
usual: [ i usually {love!} {things} ] , but not^ this one | [ i usually {love!} {things} ] , but i {loved=}^ this one | [ i {love!} {its_maker} ] , but not^ this {thing} | [ i {love!} {its_maker} ] , but {claim=}
usual: [ a {adj!} {trailer} ] , but a {adj=}^ {thing} | [ {adj!} {trailer} ] , {adj=}^ {thing} | [ {adj!} {trailer} , but that is the only {adj!} ] thing^ about it | [ the {trailer} is the only {adj!} ] thing^ here
usual: [ my {noun!} turned ] into {noun=}^ | i {loved=}^ it , and i normally {love!} such {things} | {claim=} , and i normally {love!} such {things} | -: {the_other} was better^ | -: {the_other} was much better^ than this | -: {the_other} was more {adj!}^ | +: {the_other} was worse^ | +: much better^ than {the_other}
usual: [ the {trailer} promised a {noun!} ] ; {it} is a {noun=}^ | [ instead of a {noun!} ] we get a {noun=}^ | -: [ the {trailer} was {adj!} . the {thing} ] isn't^ | +: [ the {trailer} was {adj!} . the {thing} ] isn't^ | [ all other {things} this year were {adj!} ] ; not^ this one
quoted: [ {quote!} ]^! , but [ {quote=} ]^ | 2 [ {quote!} ]^! , but {claim=} | {claim!} , but [ {quote=} ]^ | {although} [ {quote!} ]^! , {claim=} | [ {quote!} ]^! . but {claim=} | [ {quote!} ]^! {at_first} , {then} [ {quote=} ]^
me: i was {moved=}^ | i was {very} {moved=}^ | i was never~ {moved!}^ | i was not~ {moved!}^ for a {moment} | not~ once was i {moved!}^ | i was {moved=}^ from start to finish | {it} left me {moved=}^ | nobody~ was {moved!}^
me: i would say that [ {plain=} ]^ | i do think that [ {plain=} ]^ | i have to say that [ {plain=} ]^ | {people} agree that [ {plain=} ]^ | don't~ let anyone tell you that [ {plain!} ]^ | do not~ believe that [ {plain!} ]^ | i doubt~ that {people} will {love!}^ it | i doubt~ that [ {plain!} ]^
me: i can't~ imagine that anyone would {love!}^ it | who~ could {love!}^ this ? | it is impossible~ not to {love=}^ {it_too} | it is hard~ not to {love=}^ {it_too} | it is impossible~ to {love!}^ {it_too} | it is hard~ to {love!}^ {it_too} | it is easy to {love=}^ {it_too} | {it} {isnt}~ , as {people} think , a {noun!}^
me: {subject} {is} {adj=}^ , not {adj!} | {subject} {isnt}~ {adj!} but {adj=}^ | {subject} {is} not~ {adj!} , it is {adj=}^ | a {noun=}^ , not a {noun!} | {not}~ a {noun!} but a {noun=}^ | rather~ {adj=}^ than {adj!} | more {adj=}^ than {adj!}
many: i have no~ {nouns!}^ | {it} has no~ {nouns!}^ | {it} has many {nouns=}^ | {it} is full of {nouns=}^ | without~ {nouns!}^ | quite a few {nouns=}^ | there are few~ {nouns!}^ {in_it} | hardly~ any {nouns!}^ | there are many {nouns=}^ {in_it} | there are no~ {nouns!}^ {in_it} | not~ many {nouns!}^ | there are so many {nouns=}^ | it is not~ full of {nouns!}^
trailer: trailer | poster | title | beginning | idea | opening | book | cast | first scene
its_maker: this director | this actor | the author | the book | musicals | {things} like this
moment: moment | minute | second
recommend: recommend | see | watch

neutral: 4 {fact} . | 2 {quote} .
fact: i saw it {when} | i saw it {when} with {whom} | {whom} took me to see it {when} | it {lasts} | it {lasts} and {was_made} | it {was_made} | {who} {does} | {who} {does} and {does} | we sat in the {row} | the story {takes_place} | it is about {who} and {who} | {whom} sat beside me
fact: the film {takes_place} | it {takes_place} | then {who} {does} | {who} meets {who} {when} | the tickets were bought {when} | there are {number} songs in it | it is the {order} film of {the_director} | {who} is played by {an_actor} | {an_actor} plays {who}
when: yesterday | last night | on friday | on saturday evening | in the afternoon | on a rainy day | last week | on a plane | at home | in spring
whom: my sister | my brother | a friend | my parents | a colleague | my neighbour | two friends | my class
lasts: lasts two hours | runs for ninety minutes | has three parts | lasts a bit over an hour | is two hours and ten minutes long
was_made: was made in {land} | was shot in {land} | came out in {number} countries | is the second of three
land: france | japan | the north | new york | canada | a small town | winter | black and white
who: a man | a woman | the hero | an old man | a doctor | the teacher | his daughter | her mother | a young girl | the lawyer | a farmer | two brothers
does: comes home | opens the door | takes a train | moves to the city | works in a bank | writes a letter | goes back to the village | buys a house | waits at the station | reads a book
row: second row | last row | middle | back
takes_place: takes place in {land} | is set in {land} | begins in {land} | begins in summer
number: two | three | four | five | six | twelve
order: first | second | third | fourth
the_director: the director | a young director | the same director
an_actor: an actor from {land} | his own son | someone i had not heard of | a newcomer

subject: 4 the {thing} | 3 {it} | 3 the {part} | {this} | this {thing} | the whole {thing} | it all
it: it | it | the {thing} | this
this: this
it_too: it | it | the {thing} | this {thing} | the {part}
thing: film | film | movie | movie | picture | story | comedy | drama | thriller
parts: scenes | jokes | characters | actors | ideas | dialogue | plot | music | script | songs
things: films | movies | pictures | stories | comedies
part: plot | story | script | acting | cast | music | ending | direction | dialogue | scene | joke | idea | camera | character | performance | moment
in_it: in it | here | about it | about this {thing} | about the {part} | to see
is: is | is | was | was | seems | seemed | feels | looks | turned out
be: is | was
isnt: is not | isn't | was not | wasn't | is never | was never | is hardly | is far from | is anything but | is by no means | is not really | was not exactly | is barely | is nowhere near
not: not | not | never | hardly | far from | anything but | by no means
very: very | really | so | quite | extremely | truly | rather | incredibly | pretty | a bit | absolutely | deeply
any: any | a single | anything like a
didnt: did not | didn't | did not | didn't
doesnt: does not | doesn't
dont: do not | don't
wouldnt: would not | wouldn't | could not | couldn't
people: people | people | the audience | everyone | my friends | the critics | you | we
place: the audience | the room | my family
aside: as some say | to my surprise | in spite of its name | i must say | even for a minute | as i had been told
expected: i expected | i had expected | i thought | everyone said | most | the first one | the book | i had been told | the trailer
the_other: the book | the first one | the original | the other one
at_first: at first | in the beginning | for an hour | for a while | at the start | to begin with | in the first half
then: and then | but then | then | but in the end | and in the end | but later
begins: begins | starts | starts out
becomes: becomes | turns into | ends as | ends up as | grows into
ends: ends | ends up
got: got | it is | it was | found
thought: thought | was sure | was told | had heard
half: first half | beginning | start | first hour | trailer | title
end: ending | end | second half | last hour | rest | finale
however: however | nevertheless | even so | still
although: although | though | even though | while
despite: despite | in spite of
its: its | the | all its
"""
VERBS = {  # own words, by verdict: (bad, good); base and past are in the same order
    "love": ("hate dislike regret", "love like enjoy admire adore"),
    "loved": ("hated disliked regretted despised", "loved liked enjoyed admired adored"),
    "enjoy": ("hate dislike regret", "love like enjoy admire"),
    "move": ("bore annoy disappoint irritate", "move touch delight charm surprise please"),
    "moved": ("bored annoyed disappointed irritated", "moved touched delighted charmed impressed"),
    "work": ("fail drag disappoint", "work convince succeed"),
    "works": ("fails drags disappoints", "works convinces succeeds shines"),
    "recommend": ("avoid", "recommend praise"),
    "promised": ("feared", "promised"),
    "rescues": ("ruins spoils wastes", "saves rescues redeems"),
    "would": ("wanted to leave|almost fell asleep|want my money back|left early", "would see it again|laughed a lot|saw it twice|recommend it"),
}
# Words that people have labelled good or bad by themselves, and that say nothing of a film.
VAGUE = frozenset(
    "new full original real true certain able high special open free personal sexual able whole long hot hard cold dead wrong dry fat damned guilty "
    "standard typical sick dirty fatal evil family comedy life drama war home right care school sex theater tv dog career novel college wedding edge "
    "detail season seat nothing crime horror mess road murder fire hell victim villain sub ghetto gang gangster killer protagonist bottom struggle cult "
    "shooting conflict damage loss propaganda abuse violence thriller romance storytelling kind derivative sentimental strong cultural classic "
    "psychological document popcorn slapstick fan festival fiction success inhuman".split()
)


@dataclass(frozen=True)
class Composed:
    """words: as a model looks them up. truth: (T,) what a listener knows after each word: 1 good, 0 bad, 0.5 nothing yet, NaN what cannot be told."""

    words: list[str]
    truth: Array


Rule = tuple[float, int, tuple[str, ...]]  # weight, the only verdict that it is for (0: both), symbols
SYMBOL = re.compile(r"(?P<plain>[^{}^~]*)(?:\{(?P<name>\w+)(?P<same>[=!]?)\})?(?P<mark>[~^]!?)?")


def rules(text: str) -> dict[str, list[Rule]]:
    """The alternatives of each name."""
    found: dict[str, list[Rule]] = {}
    for line in filter(None, text.splitlines()):
        name, _, rest = line.partition(": ")
        for part in rest.split(" | "):
            symbols = part.split()
            weight = float(symbols.pop(0)) if symbols[0].isdigit() else 1.0
            only = {"+:": 1, "-:": -1}.get(symbols[0], 0)
            found.setdefault(name, []).append((weight, only, tuple(symbols[1 if only else 0 :])))
    return found


class Composer:
    """words: of a kind ("adj", "noun", "nouns") and a verdict (1, -1), with weights. quotes: phrases of others by verdict, 0 for neither."""

    def __init__(self, words: Mapping[tuple[str, int], Mapping[str, float]], quotes: Mapping[int, Sequence[Sequence[str]]]) -> None:
        self.rules, self.quotes = rules(RULES), quotes
        self.words = {key: (list(own), np.array(list(own.values())) / sum(own.values())) for key, own in words.items()}

    def text(self, rng: np.random.Generator) -> Composed:
        """One text. Its last truth is 1 or 0."""
        said = _Said(self, rng)
        said.expand("text", 1 if rng.random() < 0.5 else -1)
        words = [
            "an" if word == "a" and follower[0] in "aeiou" else word for word, follower in zip(said.words, [*said.words[1:], "."], strict=True)
        ]
        return Composed(words, np.array(said.truth))


class _Said:
    """What has been said so far of one text."""

    def __init__(self, composer: Composer, rng: np.random.Generator) -> None:
        self.composer, self.rng = composer, rng
        self.words: list[str] = []
        self.truth: list[float] = []
        self.known, self.under = 0.5, 0

    def expand(self, name: str, verdict: int) -> None:
        if (name, verdict) in self.composer.words:
            words, weights = self.composer.words[name, verdict]
            return self.say(words[self.rng.choice(len(words), p=weights)].split())
        if name in VERBS:
            words = VERBS[name][verdict > 0].replace("|", "\t").split("\t" if "|" in VERBS[name][verdict > 0] else None)
            return self.say(words[self.rng.integers(len(words))].split())
        if (quotes := self.composer.quotes.get(verdict)) and name == "quote":
            return self.say(quotes[self.rng.integers(len(quotes))])
        fit = [rule for rule in self.composer.rules[name] if rule[1] in (0, verdict)]
        weights = np.array([weight for weight, _, _ in fit])
        for symbol in fit[self.rng.choice(len(fit), p=weights / weights.sum())][2]:
            self.put(symbol, verdict)

    def put(self, symbol: str, verdict: int) -> None:
        """A symbol of a rule that is written for `verdict`."""
        part = SYMBOL.fullmatch(symbol)
        assert part is not None, symbol
        if part["plain"] == "[":
            self.under += 1
            self.known = np.nan
        elif part["plain"] == "]":
            self.under -= 1
        elif part["name"]:
            self.expand(part["name"], {"=": verdict, "!": -verdict, "": 0}[part["same"]])
        else:
            self.say([part["plain"]])
        if part["mark"] and not self.under:
            meant = {"^": verdict, "^!": -verdict}.get(part["mark"], 0)
            self.known = self.truth[-1] = (meant + 1) / 2 if meant else np.nan

    def say(self, words: Sequence[str]) -> None:
        self.words += words
        self.truth += [self.known] * len(words)
