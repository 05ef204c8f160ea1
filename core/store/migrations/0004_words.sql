-- When each word was said and how sure the recogniser is of it, as JSON; unset where it gave none.
ALTER TABLE segments ADD COLUMN words TEXT;
