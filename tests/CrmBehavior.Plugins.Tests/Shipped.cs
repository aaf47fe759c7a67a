using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace CrmBehavior.Plugins.Tests;

/// <summary>What the build laid out beside the tests: the DLL that ships, the stand-in for .NET Framework, and a program that runs both.</summary>
static class Shipped
{
    internal static string Plugin => Path.Combine(Folder, "CrmBehavior.Plugins.dll");

    internal static string Host => Path.Combine(Folder, "CrmBehavior.Plugins.Net462Host.exe");

    /// <summary>The folder of the sources on the machine that built the tests.</summary>
    internal static string BuiltIn =>
        typeof(Shipped).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "BuiltIn").Value!;

    static string Folder => Path.Combine(AppContext.BaseDirectory, "shipped");
}
