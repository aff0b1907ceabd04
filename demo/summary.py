"""A look at call files: their KPIs by month, the last weeks, the day's shape and the reasons.

Only for looking and for the demo's own tests. The product computes KPIs from contracts; this knows none.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

import polars as pl

_ANSWERED, _ABANDONED = pl.col("outcome") == "answered", pl.col("outcome") == "abandoned"
_SHORT = _ABANDONED & (pl.col("wait_seconds") <= 5)
_WEEK = pl.duration(days=7)


def calls_table(*, texts: Iterable[str]) -> pl.DataFrame:
    """All rows, the highest revision of each call, withdrawn ones left out; `offered` is wall-clock time."""
    frames = [pl.read_csv(io.StringIO(text), infer_schema=False) for text in texts]
    numbers = [name for name in frames[0].columns if name.endswith("_seconds")]
    return (
        pl.concat(frames)
        .with_columns(pl.col("revision", "csat", *numbers).cast(pl.Int64))
        .sort("revision")
        .unique("external_id", keep="last")
        .filter(pl.col("outcome") != "withdrawn")
        .with_columns(
            vendor=pl.col("external_id").str.head(4),
            offered=pl.col("offered_at").str.head(19).str.to_datetime("%Y-%m-%dT%H:%M:%S"),
        )
        .sort("vendor", "offered", "external_id")
    )


def with_repeats(*, table: pl.DataFrame) -> pl.DataFrame:
    """Inbound contacts without second legs, and whether the customer called again within a week."""
    return (
        table.filter((pl.col("direction") == "inbound") & pl.col("transferred_from").is_null())
        .sort("vendor", "customer", "offered")
        .with_columns(
            gap=pl.when(pl.col("customer").is_not_null()).then(
                pl.col("offered").shift(-1).over("vendor", "customer") - pl.col("offered")
            ),
            since=pl.when(pl.col("customer").is_not_null()).then(
                pl.col("offered") - pl.col("offered").shift(1).over("vendor", "customer")
            ),
        )
        .with_columns(
            calls_again=(pl.col("gap") <= _WEEK).fill_null(value=False),
            is_repeat=(pl.col("since") <= _WEEK).fill_null(value=False),
            is_mature=pl.col("offered") < pl.col("offered").max() - _WEEK,
        )
    )


def kpis(*, table: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Usual KPIs of inbound calls: 20 seconds, short abandons left out, seven days, top two boxes."""
    inbound = table.filter(pl.col("direction") == "inbound")
    asked = pl.col("csat").is_not_null()
    answered = _ANSWERED.sum()
    plain = inbound.group_by(by).agg(
        calls=pl.len(),
        service_level=(_ANSWERED & (pl.col("wait_seconds") <= 20)).sum() / (answered + _ABANDONED.sum() - _SHORT.sum()),
        abandoned=_ABANDONED.sum() / pl.len(),
        asa=pl.col("wait_seconds").filter(_ANSWERED).mean(),
        aht=(pl.col("talk_seconds") + pl.col("hold_seconds") + pl.col("wrap_seconds")).filter(_ANSWERED).mean(),
        csat=(pl.col("csat") >= 4).sum() / asked.sum(),
        csat_response=asked.sum() / answered,
        transferred=pl.col("transferred_from").is_not_null().sum() / answered,
        flowed_out=(pl.col("outcome") == "flowed_out").sum() / pl.len(),
    )
    again = (
        with_repeats(table=table)
        .group_by(by)
        .agg(
            fcr=1
            - (pl.col("calls_again") & _ANSWERED & pl.col("is_mature")).sum()
            / (_ANSWERED & pl.col("is_mature") & pl.col("customer").is_not_null()).sum(),
            repeats=pl.col("is_repeat").mean(),
        )
    )
    return plain.join(again, on=by).sort(by)


def reason_shares(*, table: pl.DataFrame) -> pl.DataFrame:
    """Reasons by falling share of the inbound calls that have one."""
    known = table.filter((pl.col("direction") == "inbound") & pl.col("reason").is_not_null())
    return (
        known.group_by("reason")
        .agg(share=pl.len() / known.height)
        .sort("share", descending=True)
        .with_columns(together=pl.col("share").cum_sum())
    )


def summary(*, texts: Iterable[str]) -> str:
    """Everything as text to read."""
    table = calls_table(texts=texts).with_columns(
        month=pl.col("offered").dt.strftime("%Y-%m"),
        week=pl.col("offered").dt.truncate("1w").dt.date(),
        day=pl.col("offered").dt.date(),
        hour=pl.col("offered").dt.hour(),
    )
    recent = pl.col("offered") > pl.col("offered").max() - pl.duration(weeks=9)
    outbound = (
        table.filter(pl.col("direction") == "outbound")
        .group_by("vendor")
        .agg(
            calls=pl.len(),
            reached=_ANSWERED.mean(),
            success=(pl.col("success") == "yes").sum() / _ANSWERED.sum(),
        )
        .sort("vendor")
    )
    parts = {
        "by vendor": kpis(table=table, by=["vendor"]),
        "by month": kpis(table=table, by=["vendor", "month"]),
        "last weeks": kpis(table=table.filter(recent), by=["vendor", "week"]),
        "by queue": kpis(table=table, by=["vendor", "queue"]),
        "by hour": table.pivot("vendor", index="hour", values="queue", aggregate_function="len").sort("hour"),
        "busiest days": table.group_by("day").agg(calls=pl.len()).sort("calls", descending=True).head(8),
        "outbound": outbound,
        "reasons": reason_shares(table=table),
    }
    look = pl.Config(
        tbl_rows=100,
        tbl_cols=20,
        tbl_width_chars=200,
        tbl_hide_column_data_types=True,
        tbl_hide_dataframe_shape=True,
        float_precision=3,
    )
    with look:
        return "\n".join(f"{name}\n{frame}" for name, frame in parts.items()) + f"\nrows {table.height}\n"
