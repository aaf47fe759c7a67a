using System;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Erasure;

/// <summary>Where somebody is found, and where only another is.</summary>
public sealed class PersonTracesTests
{
    static readonly PersonTraces Ann = new([Guid.Parse("0a000000-0000-0000-0000-00000000abcd")], ["ann+news@example.org", "ann@example.org"]);

    [Theory]
    [InlineData("ann@example.org")]
    [InlineData("{\"email\":\"Ann@Example.ORG\"}")]
    [InlineData("{\"email\":\"ann+news@example.org\"}")]
    [InlineData("{\"email\":\"ann\\u002Bnews@example.org\"}")]
    [InlineData("{\"from\":\"Ann \\u003Cann@example.org\\u003E\"}")]
    [InlineData("{\"text\":\"write to\\nann@example.org.\"}")]
    [InlineData("https://example.org/?email=ann%40example.org&x=1")]
    [InlineData("%3Cann%2Bnews%40example.org%3E")]
    [InlineData("joann@example.org, ann@example.org")]
    [InlineData("contacts(0A000000-0000-0000-0000-00000000ABCD)")]
    [InlineData("0a00000000000000000000000000abcd")]
    public void She_is_found_however_she_is_written(string content) => Ann.AreIn(content).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("joann@example.org")]
    [InlineData("jo.ann@example.org")]
    [InlineData("jo\\u002Bann@example.org")]
    [InlineData("jo%2Bann@example.org")]
    [InlineData("ann@example.org.uk")]
    [InlineData("ann@example.organic")]
    [InlineData("ann@example.org-office.test")]
    [InlineData("0a000000-0000-0000-0000-00000000abce")]
    public void Others_are_not_taken_for_her(string content) => Ann.AreIn(content).ShouldBeFalse();
}
