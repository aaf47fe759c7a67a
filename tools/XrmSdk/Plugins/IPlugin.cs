using System;

namespace Microsoft.Xrm.Sdk;

/// <summary>Code that the platform runs at a registered step.</summary>
public interface IPlugin
{
    void Execute(IServiceProvider serviceProvider);
}
