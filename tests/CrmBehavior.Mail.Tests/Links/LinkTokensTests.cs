using System;
using System.Linq;
using System.Text;
using CrmBehavior.Mail.Links;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.Links;

public sealed class LinkTokensTests
{
    static readonly Guid Contact = Guid.Parse("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
    static readonly LinkToken Token = new(LinkUse.Unsubscribe, Contact, "marketing");
    static readonly LinkKey First = Key(1), Second = Key(2), Third = Key(3);

    static LinkKey Key(byte id) => new(id, Enumerable.Range(0, 32).Select(i => (byte)(i * 7 + id)).ToArray());

    [Fact]
    public void A_link_reads_back_and_is_the_same_each_time()
    {
        var tokens = new LinkTokens([First]);
        string text = tokens.Write(Token);

        tokens.TryRead(text, LinkUse.Unsubscribe, out LinkToken? read).ShouldBeTrue();
        read.ShouldBe(Token);
        tokens.Write(Token).ShouldBe(text);
        text.ShouldBe(Uri.EscapeDataString(text));
    }

    [Fact]
    public void A_link_in_an_old_mail_survives_two_rotations_and_ends_with_its_key()
    {
        string text = new LinkTokens([First]).Write(Token);

        new LinkTokens([Third, Second, First]).TryRead(text, LinkUse.Unsubscribe, out _).ShouldBeTrue();
        new LinkTokens([Third, Second]).TryRead(text, LinkUse.Unsubscribe, out _).ShouldBeFalse();
        new LinkTokens([Third, First]).Write(Token).ShouldBe(new LinkTokens([Third]).Write(Token));
    }

    [Fact]
    public void Any_changed_character_spoils_it()
    {
        var tokens = new LinkTokens([First, Second]);
        string text = tokens.Write(Token);
        for (int i = 0; i < text.Length; i++)
            foreach (char other in "AZaz09-_")
            {
                if (text[i] == other) continue;
                tokens.TryRead(text[..i] + other + text[(i + 1)..], LinkUse.Unsubscribe, out _).ShouldBeFalse();
            }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9")]
    [InlineData("!!!!")]
    public void Foreign_text_is_no_link(string text) => new LinkTokens([First]).TryRead(text, LinkUse.Unsubscribe, out _).ShouldBeFalse();

    [Fact]
    public void Padding_blanks_and_cut_texts_are_no_link()
    {
        var tokens = new LinkTokens([First]);
        string text = tokens.Write(Token);

        foreach (string bad in (string[])[text + "=", text + " ", " " + text, text[..^1], text[..^4], text + text, new string('A', 1000)])
            tokens.TryRead(bad, LinkUse.Unsubscribe, out _).ShouldBeFalse(bad);
    }

    [Fact]
    public void A_link_for_one_use_is_no_good_for_another()
    {
        new LinkTokens([First]).TryRead(new LinkTokens([First]).Write(Token), LinkUse.Preferences, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_signature_has_at_least_128_bits()
    {
        int bytes = System.Buffers.Text.Base64Url.DecodeFromChars(new LinkTokens([First]).Write(Token)).Length;

        (bytes - 3 - 16 - Encoding.UTF8.GetByteCount(Token.Purpose)).ShouldBeGreaterThanOrEqualTo(16);
    }

    [Fact]
    public void Keys_are_checked()
    {
        Should.Throw<ArgumentException>(() => new LinkTokens([])).Message.ShouldContain("at least one key");
        Should.Throw<ArgumentException>(() => new LinkTokens([new LinkKey(4, new byte[16])])).Message.ShouldContain("Link key 4 has 16 bytes");
        Should.Throw<ArgumentException>(() => new LinkTokens([First, Key(1)])).Message.ShouldContain("one number");
    }
}
