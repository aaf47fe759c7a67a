using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Where a contact stands with each definition that has ever been worked out for it: value, activity, grade, and when time alone may
/// change it next. Those never touched take no room.
/// </summary>
/// <remarks>All in one run of words, for the reason that <see cref="NodeStore"/> gives: definitions, values, dues. Ends of least activity are apart, as
/// few signals have one. Part of the contact's state, not an object of its own; reached by reference.</remarks>
/// <param name="home">Where the words come from; null for arrays of their own.</param>
internal struct DefinitionStates(StateRoom? home)
{
    /// <summary>Definitions that room is made for at a time; a multiple of 4, so that four are looked at at once.</summary>
    const int RoomStep = 4;

    /// <summary>All of nearly all contacts.</summary>
    const int FetchedLines = 2;

    WordRun run = WordRun.Empty;
    long[]? untils;
    int room;
    int count;
    bool stale;
    long nextDue = Instant.Never;

    public readonly int Count => count;

    readonly Span<int> Definitions => MemoryMarshal.Cast<long, int>(run.Words[..(room >> 1)]);

    readonly Span<int> Values => MemoryMarshal.Cast<long, int>(run.Words[(room >> 1)..room]);

    readonly Span<long> Dues => run.Words.Slice(room, room);

    public readonly int DefinitionAt(int index) => Definitions[index];

    /// <summary>Place of a definition, or -1.</summary>
    public readonly int IndexOf(int definition)
    {
        if (count == 0) return -1;
        // Definitions have room for a multiple of four, so four can be read wherever one of them is.
        ref int definitions = ref Unsafe.As<long, int>(ref run.First);
        Vector128<int> wanted = Vector128.Create(definition);
        for (int i = 0; i < count; i += Vector128<int>.Count)
        {
            uint found = Vector128.Equals(Vector128.LoadUnsafe(ref definitions, (nuint)i), wanted).ExtractMostSignificantBits();
            if (found == 0) continue;
            // Behind the last there may be anything.
            int index = i + BitOperations.TrailingZeroCount(found);
            return index < count ? index : -1;
        }
        return -1;
    }

    /// <summary>Has the processor fetch what the next event will look at.</summary>
    public readonly void FetchWords() => run.Fetch(FetchedLines);

    public int Ensure(int definition)
    {
        int index = IndexOf(definition);
        if (index >= 0) return index;
        if (count == room) AddRoom();
        Definitions[count] = definition;
        Values[count] = 0;
        Dues[count] = Instant.Never;
        if (untils != null) untils[count] = Instant.None;
        return count++;
    }

    /// <summary>Bit 0: the condition holds; bit 1: a signal is active. Of a score: its grade, plus one.</summary>
    public readonly ref int Value(int index) => ref Values[index];

    /// <summary>The end of a signal's least activity.</summary>
    public readonly long Until(int index) => untils == null ? Instant.None : untils[index];

    public void SetUntil(int index, long until)
    {
        if (untils == null)
        {
            if (until == Instant.None) return;
            untils = new long[room];
            Array.Fill(untils, Instant.None);
        }
        untils[index] = until;
    }

    public readonly long Due(int index) => Dues[index];

    public void SetDue(int index, long due)
    {
        ref long own = ref Dues[index];
        if (own == due) return;
        if (due < nextDue) nextDue = due;
        else if (own == nextDue) stale = true;
        own = due;
    }

    public readonly int ValueOf(int definition)
    {
        int index = IndexOf(definition);
        return index < 0 ? 0 : Values[index];
    }

    /// <summary>Adds those to `work` that may change by time alone up to an instant.</summary>
    public readonly void AddDue(long until, WorkSet work)
    {
        ReadOnlySpan<long> dues = Dues[..count];
        for (int i = 0; i < dues.Length; i++)
        {
            if (dues[i] <= until) work.Add(Definitions[i]);
        }
    }

    /// <summary>The earliest instant at which time alone may change one.</summary>
    public long NextDue
    {
        get
        {
            if (!stale) return nextDue;
            long least = Instant.Never;
            foreach (long due in Dues[..count]) least = Math.Min(least, due);
            stale = false;
            return nextDue = least;
        }
    }

    public void Clear()
    {
        count = 0;
        nextDue = Instant.Never;
        stale = false;
        untils = null;
    }

    void AddRoom()
    {
        int size = room + Math.Max(RoomStep, room >> 3 << 2);
        var roomier = new DefinitionStates(home) { run = WordRun.Take(home, size * 2), room = size };
        Definitions.CopyTo(roomier.Definitions);
        Values.CopyTo(roomier.Values);
        Dues.CopyTo(roomier.Dues);
        home?.Return(run);
        (run, room) = (roomier.run, roomier.room);
        if (untils != null) Array.Resize(ref untils, room);
    }
}
