package dev.belfry.server.access;

import dev.belfry.identity.Page;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import java.util.function.BiConsumer;

/** Lists as answers. */
final class Lists {
    private Lists() {}

    static <T> Reply reply(Page<T> page, int limit, int offset, BiConsumer<JsonText, T> writer) {
        JsonText text = new JsonText(1024).object().name("success").truth(true);
        text.name("data").array();
        page.items().forEach(item -> writer.accept(text, item));
        text.endArray().name("pagination").object();
        text.name("limit").number(limit).name("offset").number(offset);
        text.name("total").number(page.total()).name("next_cursor").nothing();
        return Reply.json(200, text.endObject().endObject());
    }
}
