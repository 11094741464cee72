using System.Text;
using AiMe.Models.Nano;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>A chat as the text that a model of a family reads.</summary>
internal static class TemplateText
{
    /// <summary>The text of a chat, up to where an answer begins, or within the last message if that is continued.</summary>
    /// <remarks>
    /// What stands before everything is left out: servers put it before a text of their own accord, if the model has it.
    /// </remarks>
    public static string Of(ChatTemplate template, ScoredChat chat)
    {
        StringBuilder text = new();
        if (template.DefaultSystem is { } standard && chat.Prompt is not [("system", _, _), ..])
            text.Append(template.System.Open).Append(standard).Append(template.System.Close);
        for (var i = 0; i < chat.Prompt.Length; i++)
        {
            var (role, _, content) = chat.Prompt[i];
            var marks = role switch
            {
                "system" => template.System,
                "assistant" => template.Assistant,
                _ => template.User,
            };
            text.Append(marks.Open).Append(content);
            if (chat.IsContinued && i == chat.Prompt.Length - 1)
                return text.ToString();
            text.Append(marks.Close);
        }

        return text.Append(template.Assistant.Open).ToString();
    }
}
