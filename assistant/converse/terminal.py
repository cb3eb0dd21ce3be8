"""An answer on a terminal: sentences with numbered sources, what to find out, and that staff decide."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from assistant.converse.turn import Answer, answer_text
from assistant.corpus.city import City


def show_answer(answer: Answer, city: City, console: Console) -> None:
    """The city and the engine first: what is read here may be copied elsewhere."""
    mark = f"（{city.labels.fictional}）" if city.fictional else ""
    manner = f"モデル（{answer.model}）" if answer.engine == "model" else "規則のみ"
    console.print(Text(f"{city.name}{mark}　判断の方法：{manner}"))
    console.print(Text(answer_text(answer)), soft_wrap=True)
    if answer.footer and answer.footer not in answer_text(answer):
        console.print(Text(answer.footer), soft_wrap=True)
