using AiMe.Console.Repl;

namespace AiMe.Console.Tests.Repl;

public sealed class AnswerStreamTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly AnswerStream _stream = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void An_answer_is_shown_as_it_comes()
    {
        _stream.Open(3, new WordWrap(_output, width: null));
        var hears = _stream.Begins(3, 1).ShouldNotBeNull();
        hears("I am ");
        hears("AiMe");
        _output.ToString().ShouldBe("I am");
        _stream.Close().ShouldBeTrue();
        _output.ToString().ShouldBe("I am AiMe\n");
    }

    [Fact]
    public void What_was_taken_back_and_is_still_under_way_is_not_mixed_into_the_next_answer()
    {
        _stream.Open(3, new WordWrap(_output, width: null));
        var takenBack = _stream.Begins(3, 1)!;
        takenBack("Yes ");
        _stream.Close();
        _stream.Open(4, new WordWrap(_output, width: null));
        var next = _stream.Begins(4, 1)!;
        takenBack("indeed ");
        next("No ");
        takenBack("indeed ");
        _stream.Close();
        _output.ToString().ShouldBe("Yes\nNo\n");
    }

    [Fact]
    public void A_second_attempt_begins_a_line_of_its_own()
    {
        _stream.Open(3, new WordWrap(_output, width: null));
        _stream.Begins(3, 1)!("I am bro");
        _stream.Begins(3, 2)!("I am well");
        _stream.Close();
        _output.ToString().ShouldBe("I am bro\nI am well\n");
    }

    [Fact]
    public void Nobody_listens_to_the_answers_of_another_cycle_or_when_it_is_closed()
    {
        _stream.Begins(3, 1).ShouldBeNull();
        _stream.Open(3, new WordWrap(_output, width: null));
        _stream.Begins(4, 1).ShouldBeNull();
        _stream.Close().ShouldBeFalse();
        _output.ToString().ShouldBeEmpty();
    }
}
