"""Writes digits.parquet from scikit-learn's load_digits(); run once, the file is committed.

pip install scikit-learn pyarrow && python make-digits.py
"""

import pyarrow
import pyarrow.parquet
from sklearn.datasets import load_digits

digits = load_digits()
table = pyarrow.table(
    {
        "id": pyarrow.array(range(len(digits.target)), pyarrow.int32()),
        "pixels": pyarrow.array(
            [row.astype("int8") for row in digits.data], pyarrow.list_(pyarrow.int8())
        ),
        "label": pyarrow.array(digits.target, pyarrow.int32()),
    }
)
pyarrow.parquet.write_table(table, "digits.parquet", row_group_size=512)
