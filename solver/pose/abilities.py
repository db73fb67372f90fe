"""What models can, and which keys of a programme need it: the records of models and rules speak of nothing else."""

from enum import Enum

from models.messages import Message, say


class Can(Enum):
    """Something that some models can and others cannot: why a key needs it, and those keys that are no rules."""

    SERVE = say("it needs a model that serves places"), ("demand",)
    SHARE = (
        say("it needs a model that covers some places and not others"),
        ("objective_order",),
    )
    SERVE_ALL = say("it needs a model that must serve every place"), ("unreachable",)
    ASSIGN = say("it needs a model that assigns demand to sites"), ()
    ASSIGN_WHOLE = say("it needs a model that assigns places"), ("single_source",)
    TAKE_MODULES = say("it needs a model whose sites have a capacity"), ("sizes",)
    COUNT_SITES_IN_REACH = say("it needs a model that counts the sites in reach of a place"), ("backup",)
    ADD_UP_TRAVEL = say("it needs a model that adds travel up"), ("impedance",)
    PAY_TRANSPORT = say("it needs a model that pays for transport"), ("transport_per_km",)
    CHOOSE_OBJECTIVE = say("it needs a model that knows more than one"), ("objective",)
    COMPETE = say("it needs a model in which others compete"), ("competitors", "market")
    FEED = say("it needs a model of sites that feed each other"), ("tiers", "nested")
    GO_OVER_YEARS = (
        say("it needs a model whose value is of a year and whose cost is of setting up"),
        ("phasing",),
    )
    LIMIT_SITES = say("its sites serve without limit"), ()
    COVER_IN_FULL = say("it needs a model that covers"), ()

    @property
    def because(self) -> Message:
        """Why a key needs it."""
        return self.value[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of a programme, rules aside, that need it."""
        return self.value[1]
