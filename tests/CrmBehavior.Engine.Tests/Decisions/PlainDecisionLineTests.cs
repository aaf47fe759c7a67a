using System;
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Time;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Decisions;

public sealed class PlainDecisionLineTests
{
    [Theory]
    [InlineData("c1", "hot", null)]
    [InlineData("6f9619ff-8b86-d011-b42d-00cf4fc964ff", "buying-intent", "medium")]
    [InlineData("a'b<c>&+~ {}", "x", "")]
    public void Texts_without_need_of_escape_are_written_as_the_long_way_does(string contact, string definition, string? outcome)
    {
        Decision decision = Of(contact, definition, outcome);
        var plain = new ArrayBufferWriter<byte>();
        PlainDecisionLine.TryWrite(plain, decision).ShouldBeTrue();
        Encoding.UTF8.GetString(plain.WrittenSpan).ShouldBe(TheLongWay(decision));
    }

    [Theory]
    [InlineData("a\"b", "x", null)]
    [InlineData("a\\b", "x", null)]
    [InlineData("a\tb", "x", null)]
    [InlineData("c1", "größe", null)]
    [InlineData("c1", "x", "\u007f")]
    public void Texts_that_may_need_an_escape_are_left_to_the_long_way(string contact, string definition, string? outcome)
    {
        var plain = new ArrayBufferWriter<byte>();
        PlainDecisionLine.TryWrite(plain, Of(contact, definition, outcome)).ShouldBeFalse();
        plain.WrittenCount.ShouldBe(0);
    }

    [Fact]
    public void Decisions_of_journeys_are_left_to_the_long_way()
    {
        var decision = new Decision { At = 0, ContactId = "c1", Definition = "x", Kind = "journey", Effect = "enrolled", Entry = 1 };
        PlainDecisionLine.TryWrite(new ArrayBufferWriter<byte>(), decision).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(951827696789)]
    [InlineData(1767610800005)]
    [InlineData(Instant.Earliest)]
    [InlineData(Instant.Latest)]
    [InlineData(Instant.Never)]
    [InlineData(Instant.None)]
    public void Instants_are_written_into_a_buffer_as_they_are_in_text(long instant)
    {
        Span<byte> buffer = stackalloc byte[24];
        Instant.Write(instant, buffer).ShouldBe(24);
        Encoding.ASCII.GetString(buffer).ShouldBe(Instant.ToText(instant));
    }

    static Decision Of(string contact, string definition, string? outcome) =>
        new() { At = 1767610800005, ContactId = contact, Definition = definition, Kind = "signal", Effect = "fired", Outcome = outcome };

    static string TheLongWay(Decision decision)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) DecisionLine.Write(json, decision);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
