using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Engine.Values;

/// <summary>Throws of the dice that anybody can repeat.</summary>
public static class Chance
{
    /// <summary>
    /// The first 8 bytes, big-endian, of SHA-256 over the UTF-8 of the parts joined by a line feed, shifted right by 11 bits, times 2^−53.
    /// </summary>
    /// <param name="parts">What the throw is about.</param>
    /// <returns>A number in [0, 1).</returns>
    public static double Of(params ReadOnlySpan<string> parts)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * Math.ScaleB(1, -53);
    }

    /// <summary>The throw for an arm of a split.</summary>
    /// <param name="journey">Name of the journey.</param>
    /// <param name="step">Id of the step.</param>
    /// <param name="contact">Id of the contact.</param>
    /// <param name="entry">Number of the enrollment.</param>
    /// <returns>A number in [0, 1).</returns>
    internal static double OfSplit(string journey, string step, string contact, int entry) =>
        Of("split", journey, step, contact, entry.ToString(CultureInfo.InvariantCulture));
}
