using AiMe.Nano.Training;

namespace AiMe.Models.Tests.Nano;

public sealed class NanoPromptTests
{
    private readonly SmallNano _nano = new();

    [Fact]
    public void A_prompt_has_a_special_token_before_each_part_and_ends_where_the_answer_begins()
    {
        var tokens = _nano.Prompts.Encode(SmallNano.Question("What is the sea?"), TextTask.Answer, room: 8);
        int[] expected =
        [
            Special("<|charter|>"),
            .. _nano.Tokenizer.Encode("I am small."),
            Special("<|user|>"),
            .. _nano.Tokenizer.Encode("What is the sea?"),
            Special("<|aime|>"),
        ];
        tokens.ShouldBe(expected);
    }

    [Fact]
    public void A_stem_is_continued_without_a_new_opening()
    {
        var tokens = _nano.Prompts.Encode(
            [Parts.Message(Parts.Stimulus, "Why?"), Parts.Message(Parts.Stem, "I am")],
            TextTask.Answer,
            room: 8
        );
        tokens.ShouldBe([Special("<|user|>"), .. _nano.Tokenizer.Encode("Why?"), Special("<|aime|>"), .. _nano.Tokenizer.Encode("I am")]);
    }

    [Fact]
    public void A_request_in_words_is_not_for_nano() =>
        _nano
            .Prompts.Encode(
                [Parts.Message(Parts.Answer, "Yes."), Parts.Message(Parts.Request, "How was it?")],
                TextTask.Reflection,
                room: 8
            )
            .ShouldBe([Special("<|aime|>"), .. _nano.Tokenizer.Encode("Yes."), Special("<|reflect|>")]);

    [Fact]
    public void What_does_not_fit_is_left_out_from_the_weakest_memory_on_and_then_the_self_model()
    {
        List<Microsoft.Extensions.AI.ChatMessage> messages =
        [
            Parts.Message(Parts.Charter, "I am small."),
            Parts.Message(Parts.SelfModel, "I say what is true."),
            Parts.Message(Parts.Recalled, "the sea is deep"),
            Parts.Message(Parts.Recalled, "the sea is wide"),
            Parts.Message(Parts.Stimulus, "What is the sea?"),
        ];
        var whole = _nano.Prompts.Encode(messages, TextTask.Answer, room: 0);
        var one = _nano.Prompts.Encode(messages, TextTask.Answer, room: 64 - whole.Length + 1);
        one.ShouldBe(_nano.Prompts.Encode([.. messages.Where((_, i) => i != 3)], TextTask.Answer, room: 0));
        var bare = _nano.Prompts.Encode([messages[0], messages[4]], TextTask.Answer, room: 0);
        _nano.Prompts.Encode(messages, TextTask.Answer, room: 64 - bare.Length).ShouldBe(bare);
        _nano.Prompts.Fit(messages, TextTask.Answer, room: 0).LeftOut.ShouldBeEmpty();
        _nano.Prompts.Fit(messages, TextTask.Answer, room: 64 - whole.Length + 1).LeftOut.ShouldBe([3]);
        _nano.Prompts.Fit(messages, TextTask.Answer, room: 64 - bare.Length).LeftOut.ShouldBe([1, 2, 3]);
        Should
            .Throw<ProviderException>(() => _nano.Prompts.Encode(messages, TextTask.Answer, room: 64 - bare.Length + 1))
            .Message.ShouldContain("the context has only 64");
    }

    [Fact]
    public void An_example_takes_its_loss_on_the_completion_alone()
    {
        var example = _nano.Prompts.Encode([.. SmallNano.Question("Why?"), Parts.Message(Parts.Answer, "I am small.")]);
        example.Tokens[example.LossFrom..].ShouldBe([.. _nano.Tokenizer.Encode("I am small."), Special("<|end|>")]);
        example.Tokens[example.LossFrom - 1].ShouldBe(Special("<|aime|>"));
    }

    [Fact]
    public void An_example_must_end_in_an_answer() =>
        Should.Throw<ProviderException>(() => _nano.Prompts.Encode(SmallNano.Question("Why?")));

    private int Special(string text) => _nano.Tokenizer.Special(text);
}
