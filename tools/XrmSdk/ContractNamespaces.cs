namespace Microsoft.Xrm.Sdk;

/// <summary>XML namespaces of the data contracts; they show on the wire as the second half of <c>__type</c>.</summary>
static class ContractNamespaces
{
    internal const string Xrm2011 = "http://schemas.microsoft.com/xrm/2011/Contracts";
    internal const string Xrm71 = "http://schemas.microsoft.com/xrm/7.1/Contracts";
    internal const string Xrm90 = "http://schemas.microsoft.com/xrm/9.0/Contracts";
}
