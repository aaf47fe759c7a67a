using System;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>Where messages ask for the steps registered on them; null is none, and the message then runs without a frame.</summary>
internal interface IPipeline
{
    /// <summary>A frame for Create or Update.</summary>
    PipelineFrame? OpenWrite(CallContext call, string message, TableInfo table, Guid id, RowValues values);

    /// <summary>A frame for a message over several rows, such as CreateMultiple.</summary>
    PipelineFrame? OpenMultiple(CallContext call, string message, TableInfo table, IReadOnlyList<(Guid Id, RowValues Values)> rows);

    /// <summary>A frame for Delete.</summary>
    PipelineFrame? OpenDelete(CallContext call, TableInfo table, Guid id);

    /// <summary>A frame for Associate or Disassociate.</summary>
    PipelineFrame? OpenLink(CallContext call, string message, TableInfo table, Guid id, Navigation navigation, IReadOnlyList<Lookup> others);

    /// <summary>A frame without steps, so that what an operation causes can name it as its parent.</summary>
    PipelineFrame Mark(CallContext call, string message, TableInfo table, Guid id);
}
