using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>One call on its way through the platform: who, how deep, in which chain, and the transaction it runs in.</summary>
internal sealed record CallContext
{
    /// <summary>The platform refuses to go deeper; a chain this long is a loop.</summary>
    public const int MaxDepth = 8;

    /// <summary>Who acts; a plugin may act as somebody else than <see cref="InitiatingUserId"/>.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The user whose request began the chain.</summary>
    public required Guid InitiatingUserId { get; init; }

    public Guid CorrelationId { get; init; } = Guid.NewGuid();

    public Guid RequestId { get; init; } = Guid.NewGuid();

    /// <summary>1 for a request from outside; one more for each plugin it passed through.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The operation whose plugin made this call; null from outside.</summary>
    public PipelineFrame? Parent { get; init; }

    /// <summary>The query option <c>tag</c>, which plugins see as a shared variable.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether synchronous custom plugins are left out (<c>MSCRM.BypassCustomPluginExecution</c>).</summary>
    public bool BypassSync { get; init; }

    /// <summary>Whether asynchronous custom plugins are left out.</summary>
    public bool BypassAsync { get; init; }

    /// <summary>Steps that are left out (<c>MSCRM.BypassBusinessLogicExecutionStepIds</c>).</summary>
    public IReadOnlySet<Guid> BypassSteps { get; init; } = FrozenSet<Guid>.Empty;

    /// <summary>Whether it writes one row of a Multiple message, which is raised for all of them together.</summary>
    public bool InMultiple { get; init; }

    /// <summary>The transaction it is part of; null when it makes its own.</summary>
    public RowTransaction? Transaction { get; init; }
}
