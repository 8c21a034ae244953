-- stub: make a role or an extension that the schema leans on, where this server has it.
-- takes: kind, name, home
select extensions.stub(%(kind)s::text, %(name)s::text, %(home)s::text)
