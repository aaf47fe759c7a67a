using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Batch;

/// <summary>One request inside a batch.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Address">As written: absolute, from the host's root, from the service root, or beginning with <c>$1</c>.</param>
/// <param name="Headers">Its own headers.</param>
/// <param name="Body">Its body.</param>
/// <param name="ContentId">Its <c>Content-ID</c>; null when it has none.</param>
internal sealed record BatchPart(string Method, string Address, IReadOnlyDictionary<string, string> Headers, byte[] Body, string? ContentId);

/// <summary>What a batch does in one step: a single request, or a change set, which is all or nothing.</summary>
internal sealed record BatchStep(IReadOnlyList<BatchPart> Parts, bool IsChangeSet);
