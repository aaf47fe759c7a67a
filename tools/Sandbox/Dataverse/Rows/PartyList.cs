using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>The people in one role of an activity, as a request writes them; kept as rows of <c>activityparty</c>.</summary>
internal sealed class PartyList : List<RowValues>;
