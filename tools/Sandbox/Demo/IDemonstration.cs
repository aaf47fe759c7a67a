using System.IO;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>A play that shows the product at work; the sandbox performs the one class that implements this, if there is one.</summary>
internal interface IDemonstration
{
    /// <summary>Plays it and tells what happens; true when every outcome it promises was seen.</summary>
    Task<bool> PlayAsync(SandboxHost sandbox, TextWriter output, CancellationToken cancel);
}
