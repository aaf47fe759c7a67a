namespace CrmBehavior.Simulation.Tests.Planted;

/// <summary>Mistakes that a service like this could have; one at a time is planted, and the checker must notice.</summary>
public enum Bug
{
    None,

    /// <summary>Keys against repetition are not asked.</summary>
    NoDeduplication,

    /// <summary>Whoever says that an effect is done is believed, whether he holds it still or not.</summary>
    NoFencing,

    /// <summary>A lapsed lease sends all the same.</summary>
    LapsedLeaseSends,

    /// <summary>A message of the bus is completed before what it says is durable.</summary>
    CompletedBeforeCommit,

    /// <summary>A sender gets his 200 before his events are durable.</summary>
    AnsweredBeforeCommit,

    /// <summary>The mail provider gets its 200 before its reports are durable.</summary>
    ReportsAnsweredBeforeCommit,

    /// <summary>When a contact must be looked at again is not written.</summary>
    TimersNotCommitted,

    /// <summary>The state is not written when timers are served, but what they decided is.</summary>
    TimerStateNotCommitted,

    /// <summary>An effect gets a new id each time it is decided.</summary>
    RandomEffectIds,

    /// <summary>The outbox is written after the transaction instead of in it.</summary>
    OutboxOutsideTransaction,

    /// <summary>A mail whose sending is uncertain is sent again.</summary>
    UncertainMailSentAgain,

    /// <summary>A mail is handed over without noting the intent first.</summary>
    IntentNotRecorded,

    /// <summary>The CRM's wish for a pause is not heard.</summary>
    RetryAfterIgnored,

    /// <summary>Effects of one key stand beside each other.</summary>
    KeyedNotCoalesced,

    /// <summary>Of effects of one key the first stands instead of the latest.</summary>
    FirstOfKeyStands,

    /// <summary>That a contact was erased is not remembered.</summary>
    ErasureForgotten,

    /// <summary>Erasing leaves the log behind.</summary>
    LogLeftAfterErasure,

    /// <summary>What was kept of a visitor is not taken up when he is known.</summary>
    KeptNotJoined,

    /// <summary>What was kept of a visitor is taken up in a wrong order.</summary>
    KeptReversed,

    /// <summary>The log has another order than that in which events were judged.</summary>
    LogOrderSwapped,

    /// <summary>Reports of the provider do not settle uncertain mails.</summary>
    SettlementForgotten,

    /// <summary>Now and then a commit writes all but the state.</summary>
    HalfCommit,

    /// <summary>Two batches may have one contact in hand.</summary>
    ContactsNotLocked,

    /// <summary>Before a mail goes out, consent is looked up in an old copy.</summary>
    ConsentFromOldCopy,

    /// <summary>An update of a contact that is gone makes a new one.</summary>
    UpdateMakesGhosts,

    /// <summary>Effects are forgotten when they are leased instead of when they are done.</summary>
    ForgottenWhenLeased,

    /// <summary>What is to be tried again is forgotten.</summary>
    RetryForgets,

    /// <summary>What is to be tried again is set aside.</summary>
    RetryParks,

    /// <summary>A batch that the CRM did half counts as done.</summary>
    PartialResultsIgnored,

    /// <summary>Calls of people whom only the CRM knows are dropped while it is away.</summary>
    UnresolvedCallsDropped,

    /// <summary>Decisions are not stored now and then.</summary>
    DecisionsDropped,
}
