using System;
using System.Linq;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>Finds the demonstration of this build.</summary>
internal static class Demonstrations
{
    /// <summary>A new one; null when this build has none.</summary>
    public static IDemonstration? Find() => typeof(IDemonstration).Assembly.GetTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IDemonstration).IsAssignableFrom(t))
        .Select(t => (IDemonstration)Activator.CreateInstance(t)!)
        .FirstOrDefault();
}
