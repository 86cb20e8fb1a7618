"Author, check, preview and submit survey target groups to the Cint Exchange."

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from target_group_kit.contract.errors import (
        Change as Change,
        ExchangeError as ExchangeError,
        Finding as Finding,
        Fixed as Fixed,
        InvalidPlan as InvalidPlan,
        InvalidTargetGroup as InvalidTargetGroup,
        InvalidWindow as InvalidWindow,
        JournalError as JournalError,
        KitError as KitError,
        NoAnswer as NoAnswer,
        NotAuthorized as NotAuthorized,
        NotFound as NotFound,
        NotSent as NotSent,
        RateLimited as RateLimited,
        Refused as Refused,
        Report as Report,
        ServerFailed as ServerFailed,
        SettingsError as SettingsError,
        Unresolved as Unresolved,
    )
    from target_group_kit.contract.knowledge import (
        Catalog as Catalog,
        Live as Live,
        Question as Question,
    )
    from target_group_kit.contract.profiling import (
        BlendedProfile as BlendedProfile,
        OpenEndedCondition as OpenEndedCondition,
        Profiling as Profiling,
        Quota as Quota,
        RangeCondition as RangeCondition,
        RegularProfile as RegularProfile,
        SelectionCondition as SelectionCondition,
        Target as Target,
    )
    from target_group_kit.contract.delivery import (
        ActivityExclusion as ActivityExclusion,
        AdaptivePacing as AdaptivePacing,
        AllocationTemplate as AllocationTemplate,
        Allocations as Allocations,
        BothReEntry as BothReEntry,
        BusinessUnit as BusinessUnit,
        ClientReEntry as ClientReEntry,
        DynamicPricing as DynamicPricing,
        Exclusion as Exclusion,
        ExclusionList as ExclusionList,
        FieldingAssistant as FieldingAssistant,
        FieldingSpecification as FieldingSpecification,
        GeminiPacing as GeminiPacing,
        LinearPacing as LinearPacing,
        Money as Money,
        OpenExchange as OpenExchange,
        PrivateExchange as PrivateExchange,
        PrivateSupplierGroup as PrivateSupplierGroup,
        QuotaOverlay as QuotaOverlay,
        RateCardPricing as RateCardPricing,
        ReEntry as ReEntry,
        ReEntrySide as ReEntrySide,
        ScreenerReEntry as ScreenerReEntry,
        SoftLaunch as SoftLaunch,
        SupplierGroup as SupplierGroup,
    )
    from target_group_kit.contract.target_group import TargetGroup as TargetGroup
    from target_group_kit.contract.checks import check as check, explain as explain
    from target_group_kit.sampling.apportionment import (
        apportion as apportion,
        percentages as percentages,
    )
    from target_group_kit.sampling.raking import Raked as Raked, rake as rake
    from target_group_kit.sampling.rounding import Rounded as Rounded, round_cells as round_cells
    from target_group_kit.sampling.counts import Counts as Counts
    from target_group_kit.sampling.plan import QuotaPlan as QuotaPlan
    from target_group_kit.sampling.accuracy import (
        Precision as Precision,
        deviation as deviation,
        precision as precision,
    )
    from target_group_kit.sampling.prospects import Cost as Cost, cost as cost, what_if as what_if
    from target_group_kit.sampling.relaxing import Relaxed as Relaxed, relax as relax
    from target_group_kit.sampling.window import FieldingWindow as FieldingWindow
    from target_group_kit.views.pages import Preview as Preview, preview as preview
    from target_group_kit.views.sign_off import SignOff as SignOff, read_sign_off as read_sign_off
    from target_group_kit.views.plan_files import read_plan as read_plan, write_plan as write_plan
    from target_group_kit.views.studies import Study as Study, study as study
    from target_group_kit.exchange.client import DemandClient as DemandClient, connect as connect
    from target_group_kit.exchange.journal import Journal as Journal
    from target_group_kit.exchange.progress import Progress as Progress
    from target_group_kit.exchange.submission import (
        Receipt as Receipt,
        dry_run as dry_run,
        submit as submit,
    )
    from target_group_kit.exchange.batch import (
        Batch as Batch,
        BatchError as BatchError,
        Outcome as Outcome,
    )
    from target_group_kit.exchange.bulk import submit_many as submit_many
    from target_group_kit.exchange.exports import export_journal as export_journal
    from target_group_kit.exchange.replay import (
        ReceiptBook as ReceiptBook,
        find_receipts as find_receipts,
    )
    from target_group_kit.exchange.desk import Desk as Desk
    from target_group_kit.widgets.quotas import QuotaBuilder as QuotaBuilder
    from target_group_kit.widgets.window import FieldingWindowBuilder as FieldingWindowBuilder
    from target_group_kit.widgets.target_group import TargetGroupBuilder as TargetGroupBuilder
    from target_group_kit.widgets.submit_panel import SubmitPanel as SubmitPanel
    from target_group_kit.stage.faults import Fault as Fault, RandomFaults as RandomFaults
    from target_group_kit.stage.emulator import Emulator as Emulator

_HOMES = {
    "contract.errors": (
        "Change ExchangeError Finding Fixed InvalidPlan InvalidTargetGroup InvalidWindow JournalError KitError "
        "NoAnswer NotAuthorized NotFound NotSent RateLimited Refused Report ServerFailed "
        "SettingsError Unresolved"
    ),
    "contract.knowledge": "Catalog Live Question",
    "contract.profiling": (
        "BlendedProfile OpenEndedCondition Profiling Quota RangeCondition RegularProfile "
        "SelectionCondition Target"
    ),
    "contract.delivery": (
        "ActivityExclusion AdaptivePacing AllocationTemplate Allocations BothReEntry "
        "BusinessUnit ClientReEntry DynamicPricing Exclusion ExclusionList "
        "FieldingAssistant FieldingSpecification GeminiPacing LinearPacing Money "
        "OpenExchange PrivateExchange PrivateSupplierGroup QuotaOverlay RateCardPricing "
        "ReEntry ReEntrySide ScreenerReEntry SoftLaunch SupplierGroup"
    ),
    "contract.target_group": "TargetGroup",
    "contract.checks": "check explain",
    "sampling.apportionment": "apportion percentages",
    "sampling.raking": "Raked rake",
    "sampling.rounding": "Rounded round_cells",
    "sampling.counts": "Counts",
    "sampling.plan": "QuotaPlan",
    "sampling.accuracy": "Precision deviation precision",
    "sampling.prospects": "Cost cost what_if",
    "sampling.relaxing": "Relaxed relax",
    "sampling.window": "FieldingWindow",
    "views.pages": "Preview preview",
    "views.sign_off": "SignOff read_sign_off",
    "views.plan_files": "read_plan write_plan",
    "views.studies": "Study study",
    "exchange.client": "DemandClient connect",
    "exchange.journal": "Journal",
    "exchange.progress": "Progress",
    "exchange.submission": "Receipt dry_run submit",
    "exchange.batch": "Batch BatchError Outcome",
    "exchange.bulk": "submit_many",
    "exchange.exports": "export_journal",
    "exchange.replay": "ReceiptBook find_receipts",
    "exchange.desk": "Desk",
    "widgets.quotas": "QuotaBuilder",
    "widgets.window": "FieldingWindowBuilder",
    "widgets.target_group": "TargetGroupBuilder",
    "widgets.submit_panel": "SubmitPanel",
    "stage.faults": "Fault RandomFaults",
    "stage.emulator": "Emulator",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    "A public name, imported from its home when first asked for."
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
