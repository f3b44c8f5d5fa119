"""The vocabulary and its pronunciations: `python -m core.applications.synthesis.train_words` writes assets/data/synthesis.words.txt with espeak-ng.

The app needs no espeak-ng: it reads that file. The words are those of the prompts and some common ones that the voice never recorded.
"""

import argparse
import subprocess

from tqdm import tqdm

from core.applications.synthesis import data as synthesis
from core.applications.synthesis.phonemes import WORDS, bare

SAID = {"a": "ə", "the": "ð ə", "I": "ˈaɪ", "A": "ˈeɪ"}  # in a sentence, or as a letter; espeak reads them the other way round on their own
UNRECORDED = """
above across air always animal apple arm art ask baby bad bag ball bank bed best big bird black blue boat body book box boy bread bring
brother brown build bus buy cake candle car cat cell chair child church circle city class clean clock cloud coat coffee cold color cook
cool cow cup cut dance dark data daughter day dear deep dinner doctor dog door dream dress drink drive dry duck ear early earth east
easy eat egg energy eye face fact fall far farm father feel feet field fight film fire fish flag floor flower fly food foot forest
forget friend fruit game garden gate girl glass go gold good grass great green ground group grow hair half hand happy hard hat head
heart heat heavy high hill home horse hot house ice idea iron island job kind king kitchen knife lake land language large laugh law lazy
leaf learn leg lesson letter life light lion lip list little live long lost love low lunch magic man map market math mean meat memory
metal milk mind minds model money month moon morning mother mountain mouse mouth movie much music neck network never news night noise
north nose note ocean office oil orange page paint paper park past peace pen pencil people picture pig plan plant point power queen
question quick quiet rain read recurrent red rest rice rich ride ring river road rock room rose round run sad salt sand school science
sea season see sell seed sentence sheep ship shoe shop show sick silver sing sister sit sky sleep slow small smile snow soft son song
soul sound south spring state steel step stone stop story street strong student sugar summer sun sweet swim table tail talk tall tea
teach teacher team tell thin thing think ticket today together tooth town train travel tree truth turn uncle under unit very view
village voice walk wall war warm wash watch water way weather week weight west white wife wild win wind window winter woman wood word
write year yellow yes young
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.applications.synthesis.train_words", description=__doc__.splitlines()[0])
    parser.add_argument("--espeak", default="espeak-ng", help="the program (default: espeak-ng)")
    parser.add_argument("--path", help="the folder that holds espeak-ng-data, where it is not installed")
    args = parser.parse_args()
    recorded = {word for words in synthesis.texts().values() for word in words if word != synthesis.PAUSE}
    command = [args.espeak, *(["--path", args.path] if args.path else []), "-q", "-v", "en-us", "--ipa", "--sep= "]
    lines = []
    for word in tqdm(sorted(recorded | set(UNRECORDED.split())), desc="words", unit="word"):
        said = SAID.get(word) or subprocess.run([*command, word], capture_output=True, text=True, check=True).stdout
        lines.append(f"{word}\t{' '.join(tidy(said))}\t{'recorded' if word in recorded else ''}".rstrip("\t"))
    WORDS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    symbols = {bare(symbol) for line in lines for symbol in line.split("\t")[1].split()}
    print(f"{len(lines)} words, {len(symbols)} phonemes: {' '.join(sorted(symbols))}")


def tidy(said: str) -> list[str]:
    """espeak's phonemes with their stress marks, those that are two sounds in a row as two, rare ones as the common one they sound like."""
    found = []
    for symbol in said.split():
        mark, sound = symbol[: symbol[0] in "ˈˌ"], bare(symbol)
        first, *more = ALSO.get(sound, (sound,))
        found += [mark + first, *more]
    return found


ALSO = {
    "aɪə": ("aɪ", "ə"), "aɪɚ": ("aɪ", "ɚ"), "iə": ("i", "ə"), "əl": ("ə", "l"), "n̩": ("ə", "n"), "ɐ": ("ə",), "ᵻ": ("ɪ",), "ɔ": ("ɔː",), "oː": ("ɔː",),
    "ʔ": ("t",), "ɑːɹ": ("ɑː", "ɹ"), "ɔːɹ": ("ɔː", "ɹ"), "oːɹ": ("ɔː", "ɹ"), "ɪɹ": ("ɪ", "ɹ"), "ɛɹ": ("ɛ", "ɹ"), "ʊɹ": ("ʊ", "ɹ"),
}  # fmt: skip


if __name__ == "__main__":
    main()
