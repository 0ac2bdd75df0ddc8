"""Answers that show what an answer can hold."""

EVERYTHING = """## What each part does

1. **The pattern** picks files in this folder only.
   - nested, with *emphasis*, ~~struck~~ and `code`;
   - [a link](https://www.gnu.org/software/coreutils/manual/).
2. Names with blanks survive.

- [x] done
- [ ] still open

| Option | Meaning | Safe |
|:--|:--|:-:|
| `-n` | keep an existing file | yes |
| `-f` | replace it without asking | **no** |

> The manual says more.
> > And a reader of it more still.

---

![a diagram](https://pictures.example/diagram.png)

```python
def left(used: float) -> float:
    return 100 - used  # \u202eelif eht\u202c
```
"""

RIGHT_TO_LEFT = """## شرح مختصر

1. يعيد الأمر `mv` تسمية ملف واحد؛
2. الخيار `--no-clobber` لا يستبدل ملفًا موجودًا.

> اقتباس من الدليل، مع كلمة Linux في وسطه.

| الخيار | المعنى |
|---|---|
| `-n` | لا يستبدل |

ומשפט בעברית עם `code` באמצע.
"""

TOO_MUCH = "A paragraph **without** end goes on and on. " * 400
